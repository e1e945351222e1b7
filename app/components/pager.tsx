import Link from "next/link";
import { formatNumber, quantity } from "@/lib/format/quantity";
import { lastPageOf } from "@/lib/http/page-links";
import { LinkPending } from "./link-pending";

const cell = "grid h-8 min-w-8 place-items-center rounded-md px-2 tabular-nums";

function PageLink(props: {
  href: string | undefined;
  label?: string;
  shortcut?: string;
  isCurrent?: boolean;
  isHiddenOnPhones?: boolean;
  children: string;
}) {
  const { href, label, shortcut, isCurrent, isHiddenOnPhones, children } = props;
  if (isCurrent) {
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
      aria-keyshortcuts={shortcut}
      className={`${cell} text-muted hover:bg-raised hover:text-ink ${isHiddenOnPhones ? "max-sm:hidden" : ""}`}
    >
      {children}
      <LinkPending />
    </Link>
  );
}

/** Up to five page numbers around this one. */
function nearPages(page: number, last: number): number[] {
  const from = Math.max(1, Math.min(page - 2, last - 4));
  return Array.from({ length: Math.min(5, last) }, (_, at) => from + at);
}

/** @param props with `total`, at least 1, and `page`, which may be past the end. */
export function Pager(props: {
  total: number;
  /** Whether there are no more than `total`. */
  isTotalExact?: boolean;
  page: number;
  pageSize: number;
  addressOf: (change: { page?: number; pageSize?: number }) => string;
  pageSizes?: number[];
}) {
  const { total, isTotalExact = true, page, pageSize, addressOf, pageSizes = [] } = props;
  const last = lastPageOf(total, pageSize);
  const from = (page - 1) * pageSize + 1;
  const isPast = page > last;
  const to = (target: number, exists: boolean) => (exists ? addressOf({ page: target }) : undefined);
  const range = `${formatNumber(from)}–${formatNumber(Math.min(from + pageSize - 1, total))} of ${formatNumber(total)}${isTotalExact ? "" : "+"}`;
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 text-muted">
      <p className="tabular-nums">
        {isPast ? "No results on this page" : range}
        <span className="text-faint">
          {" "}
          · {isPast ? quantity(last, "page") : `Page ${formatNumber(page)} of ${formatNumber(last)}`}
        </span>
      </p>
      <nav aria-label="Pages" className="flex flex-wrap items-center gap-0.5 print:hidden">
        <PageLink href={to(1, page > 1)}>First</PageLink>
        <PageLink href={to(Math.min(page - 1, last), page > 1)} shortcut="k">
          Previous
        </PageLink>
        {nearPages(Math.min(page, last), last).map((near) => (
          <PageLink
            key={near}
            href={near === page ? undefined : addressOf({ page: near })}
            label={`Page ${near}`}
            isCurrent={near === page}
            isHiddenOnPhones
          >
            {formatNumber(near)}
          </PageLink>
        ))}
        <PageLink href={to(page + 1, page < last)} shortcut="j">
          Next
        </PageLink>
        <PageLink href={to(last, page < last)}>Last</PageLink>
      </nav>
      {pageSizes.length > 0 && (
        <nav aria-label="Rows per page" className="flex items-center gap-0.5 print:hidden">
          <span className="pr-1">Rows</span>
          {pageSizes.map((size) => (
            <PageLink
              key={size}
              href={size === pageSize ? undefined : addressOf({ pageSize: size, page: 1 })}
              label={`${size} rows per page`}
              isCurrent={size === pageSize}
            >
              {String(size)}
            </PageLink>
          ))}
        </nav>
      )}
    </div>
  );
}
