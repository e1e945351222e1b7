import { sql } from "kysely";

const statuses = ["pending", "scheduled", "running", "completed", "failed", "cancelled"];

/** What `write` gives for each status, side by side: they are columns of the counts. */
export const each = (write: (status: string) => string, between = ", ") =>
  sql.raw(statuses.map(write).join(between));

export const columns = each((status) => status);
/** All jobs of a row of counts. */
export const jobs = each((status) => status, " + ");
export const counted = each((status) => `count(*) filter (where status = '${status}') as ${status}`);
export const summed = each((status) => `coalesce(sum(${status}), 0) as ${status}`);
