/** What Next hands to a page of ours: its address's parameters, which may be anything. */
export interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}
