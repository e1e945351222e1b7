import type { ReactNode } from "react";

/** A decorative 16 by 16 drawing in the colour of the text around it. */
export function Icon({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 16 16" className={`icon ${className}`}>
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

export function BellIcon({ isOn }: { isOn: boolean }) {
  return (
    <Icon className={isOn ? "fill-current" : ""}>
      <path d="M3 11.5c1-1 1.25-2 1.25-4.25a3.75 3.75 0 0 1 7.5 0c0 2.25.25 3.25 1.25 4.25zM6.75 13.75c.5.75 2 .75 2.5 0" />
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

export function SearchIcon() {
  return (
    <Icon>
      <path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3.25 3.25" />
    </Icon>
  );
}

export function FilterIcon() {
  return (
    <Icon>
      <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />
    </Icon>
  );
}

export function ArrowIcon({ isUp }: { isUp: boolean }) {
  return (
    <Icon className="size-3">
      <path d={isUp ? "M8 13V3M4 7l4-4 4 4" : "M8 3v10M4 9l4 4 4-4"} />
    </Icon>
  );
}

export function StarIcon() {
  return (
    <Icon className="size-3.5">
      <path d="m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z" fill="currentColor" />
    </Icon>
  );
}

export function DownloadIcon() {
  return (
    <Icon>
      <path d="M8 2.5v7.5M4.75 7 8 10.25 11.25 7M2.75 13.25h10.5" />
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
