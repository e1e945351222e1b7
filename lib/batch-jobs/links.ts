import { environment } from "../environment";
import { pageLinks } from "../http/page-links";
import type { ListBatchJobsQuery } from "./schema";

/** The `Link` header of a list answer: the same filters, on the configured public address, never `Host`. */
export function batchJobLinks(query: ListBatchJobsQuery, total: number): string {
  // Identifiers and statuses hold no character that an address would have to escape. The comma between statuses is one
  // that it need not, but clients that cut the header at commas would cut the address.
  const status = query.status.length > 0 ? `&status=${query.status.join("%2C")}` : "";
  const url = `${environment().NEXTAUTH_URL}/batch/jobs?organizationId=${query.organizationId}${status}`;
  return pageLinks(url, { total, page: query.page, pageSize: query.pageSize });
}
