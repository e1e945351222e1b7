/** The number of the last page; of an empty list, 1. */
export function lastPageOf(total: number, pageSize: number): number {
  return Math.max(1, Math.ceil(total / pageSize));
}

/**
 * The `Link` header of a list answer (RFC 8288). `first` always, and `last` when the total is known; `prev` and `next`
 * where there is such a page. Past the end, `prev` is the last page, so that a client finds its way back.
 *
 * @param list which page this is; its `total` rows are those of all pages. Without it, `hasMore` tells whether there is a
 *   next page.
 * @param urlOf the absolute URL of a page.
 */
export function pageLinks(
  { total, hasMore, page, pageSize }: { total?: number; hasMore: boolean; page: number; pageSize: number },
  urlOf: (page: number) => string,
): string {
  const last = total === undefined ? undefined : lastPageOf(total, pageSize);
  const hasNext = last === undefined ? hasMore : page < last;
  const link = (rel: string, to: number) => `<${urlOf(to)}>; rel="${rel}"`;
  return [
    link("first", 1),
    ...(page > 1 ? [link("prev", Math.min(page - 1, last ?? page))] : []),
    ...(hasNext ? [link("next", page + 1)] : []),
    ...(last === undefined ? [] : [link("last", last)]),
  ].join(", ");
}
