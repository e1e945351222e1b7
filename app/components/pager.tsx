import Link from "next/link";
import { formatNumber, quantity } from "@/lib/format/quantity";
import { lastPageOf } from "@/lib/http/page-links";
import { LinkPending } from "./link-pending";

const cell = "grid h-8 min-w-8 place-items-center rounded-md px-2 tabular-nums";

/** A link, or where there is nothing to go to the same word without one. */
function PageLink(props: {
  href: string | undefined;
  label?: string;
  isHere?: boolean;
  /** Left out on a phone. */
  isSpare?: boolean;
  children: string;
}) {
  const { href, label, isHere, isSpare, children } = props;
  if (isHere) {
    return (
      <span aria-current="page" className={`${cell} bg-raised font-medium text-ink`}>
        {label && <span className="sr-only">{label}</span>}
        <span aria-hidden={label !== undefined}>{children}</span>
      </span>
    );
  }
  if (href === undefined) return <span className={`${cell} text-faint`}>{children}</span>;
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={label}
      className={`${cell} text-muted hover:bg-raised hover:text-ink ${isSpare ? "max-sm:hidden" : ""}`}
    >
      {children}
      <LinkPending />
    </Link>
  );
}

/** The pages around this one, within what there is. */
function nearPages(page: number, last: number): number[] {
  const from = Math.max(1, Math.min(page - 2, last - 4));
  return Array.from({ length: Math.min(5, last) }, (_, at) => from + at);
}

/**
 * Where one is in a list and where one can go: "21–40 of 47". An empty list has one page, too.
 *
 * @param page may be past the end; then the last page is the nearest.
 */
export function Pager(props: {
  total: number;
  page: number;
  pageSize: number;
  addressOf: (change: { page?: number; pageSize?: number }) => string;
  /** What can be chosen; none where a page has a fixed size. */
  pageSizes?: number[];
}) {
  const { total, page, pageSize, addressOf, pageSizes = [] } = props;
  const last = lastPageOf(total, pageSize);
  const from = (page - 1) * pageSize + 1;
  const isPast = page > last;
  const to = (wanted: number, isThere: boolean) => (isThere ? addressOf({ page: wanted }) : undefined);
  const range = total === 0 ? "No jobs" : isPast ? `None of ${formatNumber(total)} here` : undefined;
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 text-muted">
      <p className="tabular-nums">
        {range ??
          `${formatNumber(from)}–${formatNumber(Math.min(from + pageSize - 1, total))} of ${formatNumber(total)}`}
        <span className="text-faint">
          {" "}
          · {isPast ? quantity(last, "page") : `Page ${formatNumber(page)} of ${formatNumber(last)}`}
        </span>
      </p>
      <nav aria-label="Pages" className="flex flex-wrap items-center gap-0.5">
        <PageLink href={to(1, page > 1)}>First</PageLink>
        <PageLink href={to(Math.min(page - 1, last), page > 1)}>Previous</PageLink>
        {nearPages(Math.min(page, last), last).map((near) => (
          <PageLink
            key={near}
            href={near === page ? undefined : addressOf({ page: near })}
            label={`Page ${near}`}
            isHere={near === page}
            isSpare
          >
            {formatNumber(near)}
          </PageLink>
        ))}
        <PageLink href={to(page + 1, page < last)}>Next</PageLink>
        <PageLink href={to(last, page < last)}>Last</PageLink>
      </nav>
      {pageSizes.length > 0 && (
        <nav aria-label="Rows per page" className="flex items-center gap-0.5">
          <span className="pr-1">Rows</span>
          {pageSizes.map((size) => (
            <PageLink
              key={size}
              href={size === pageSize ? undefined : addressOf({ pageSize: size, page: 1 })}
              label={`${size} rows per page`}
              isHere={size === pageSize}
            >
              {String(size)}
            </PageLink>
          ))}
        </nav>
      )}
    </div>
  );
}
