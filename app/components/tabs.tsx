import Link from "next/link";
import type { ReactNode } from "react";
import { LinkPending } from "./link-pending";

export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="mb-4 print:hidden">
      <ul className="-ml-1 flex flex-wrap items-center gap-1">{children}</ul>
    </nav>
  );
}

/** @param props with `extra`, a second, smaller link. */
export function Tab(props: { href: string; isCurrent: boolean; children: ReactNode; extra?: ReactNode }) {
  const { href, isCurrent, children, extra } = props;
  return (
    <li
      className={`flex h-8 items-stretch rounded-md border ${isCurrent ? "border-edge bg-surface text-ink" : "border-transparent text-muted"}`}
    >
      <Link
        href={href}
        prefetch={false}
        scroll={false}
        aria-current={isCurrent ? "true" : undefined}
        className={`flex items-center gap-1.5 rounded-md px-2 hover:bg-raised hover:text-ink ${isCurrent ? "font-medium" : ""}`}
      >
        {children}
        <LinkPending />
      </Link>
      {extra}
    </li>
  );
}

export function TabExtra({ href, label, children }: { href: string; label: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      prefetch={false}
      scroll={false}
      aria-label={label}
      title={label}
      className="grid w-6 place-items-center rounded-md text-faint hover:bg-raised hover:text-ink"
    >
      {children}
      <LinkPending />
    </Link>
  );
}
