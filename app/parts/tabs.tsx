import Link from "next/link";
import type { ReactNode } from "react";
import { LinkPending } from "./link-pending";

/** Filters in a row: links, as each is an address. On a phone the row is swiped, not wrapped. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="-mx-3 mb-4 overflow-x-auto px-3 py-1 sm:mx-0 sm:px-0">
      <ul className="flex w-max items-center gap-1 sm:w-auto sm:flex-wrap">{children}</ul>
    </nav>
  );
}

/** @param extra a second, smaller link behind the first. */
export function Tab(props: { href: string; isOn: boolean; children: ReactNode; extra?: ReactNode }) {
  const { href, isOn, children, extra } = props;
  return (
    <li className={`flex h-8 items-stretch rounded-md ${isOn ? "bg-raised text-ink" : "text-muted"}`}>
      <Link
        href={href}
        prefetch={false}
        scroll={false}
        aria-current={isOn ? "true" : undefined}
        className={`flex items-center gap-1.5 rounded-md px-2.5 hover:bg-raised hover:text-ink ${isOn ? "font-medium" : ""}`}
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
      className="grid w-7 place-items-center rounded-md text-faint hover:bg-raised hover:text-ink"
    >
      {children}
      <LinkPending />
    </Link>
  );
}
