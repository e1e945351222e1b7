import { environment } from "../environment";
import { pageLinks } from "../http/page-links";
import type { ListBatchJobsQuery } from "./schema";

/** The `Link` header of a list answer: the same filters, on the configured public address, never `Host`. */
export function batchJobLinks(query: ListBatchJobsQuery, total: number): string {
  // Identifiers and statuses hold no character that an address would have to escape.
  const status = query.status.length > 0 ? `&status=${query.status.join(",")}` : "";
  const url = `${environment().NEXTAUTH_URL}/batch/jobs?organizationId=${query.organizationId}${status}`;
  return pageLinks(url, { total, page: query.page, pageSize: query.pageSize });
}
