import Link from "next/link";
import type { ReactNode } from "react";
import { LinkPending } from "./link-pending";

/** @param props with `isOneLine`: on a phone, tabs that do not fit are scrolled to. */
export function Tabs(props: { label: string; className?: string; isOneLine?: boolean; children: ReactNode }) {
  const { label, className = "mb-4", isOneLine = false, children } = props;
  const oneLine = isOneLine
    ? "max-sm:-mx-3 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:px-2 max-sm:py-1"
    : "";
  return (
    <nav aria-label={label} className={`${className} print:hidden`}>
      <ul className={`-ml-1 flex flex-wrap items-center gap-1 ${oneLine}`}>{children}</ul>
    </nav>
  );
}

export function Tab(props: { href: string; isCurrent: boolean; children: ReactNode }) {
  const { href, isCurrent, children } = props;
  return (
    <li
      className={`flex h-8 shrink-0 items-stretch rounded-md border ${isCurrent ? "border-edge bg-surface text-ink" : "border-transparent text-muted"}`}
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
    </li>
  );
}
