export interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}
