import type { ReactNode } from "react";

/** A decorative 16 by 16 drawing in the colour of the text around it. */
export function Icon({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className={`size-4 shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

/** The logo, as in app/icon.svg. */
export function BrandIcon() {
  return (
    <Icon className="text-accent">
      <path d="M2 4h12M2 8h8M2 12h5" strokeWidth="2.25" />
    </Icon>
  );
}

export function ChevronIcon() {
  return (
    <Icon className="size-3.5 opacity-70">
      <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
    </Icon>
  );
}

export function CheckIcon() {
  return (
    <Icon>
      <path d="m3.5 8.5 3 3 6-7" />
    </Icon>
  );
}

export function CopyIcon() {
  return (
    <Icon className="size-3.5">
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </Icon>
  );
}

export function WarnIcon() {
  return (
    <Icon>
      <path d="M8 2.5 14.5 13.5h-13zM8 6.5v3.25M8 11.75v.01" />
    </Icon>
  );
}

export function PlusIcon() {
  return (
    <Icon className="size-3">
      <path d="M8 3.5v9M3.5 8h9" />
    </Icon>
  );
}

export function CrossIcon() {
  return (
    <Icon className="size-3">
      <path d="m4 4 8 8M12 4l-8 8" />
    </Icon>
  );
}
