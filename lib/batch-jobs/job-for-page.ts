import { type Selectable, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { countContacts } from "../contacts/counts";
import type { ContactStatus } from "../contacts/status";
import { database } from "../database/database";
import { visiblePhoneNumbers } from "../phone-numbers/visible";
import { type BatchJobRow, batchJobColumns } from "./serialize";
import { visibleBatchJobs } from "./visible";

const moreColumns = ["has_contacts", "schedule_time_zone", "failure_reason", "last_claimed_at"] as const;

/** What the page of a job shows, except its contacts. */
export interface JobForPage
  extends BatchJobRow,
    Pick<Selectable<Database["batch_jobs"]>, (typeof moreColumns)[number]> {
  /** null when the job's phone number is not, or no longer, one of the organization's. */
  phone_number: string | null;
  phone_number_label: string | null;
  /** How many contacts have each status; none of a job whose contacts are not here. */
  breakdown: Partial<Record<ContactStatus, number>>;
  /** The database's clock. */
  as_of: Date;
}

/** @returns undefined for a job that the viewer cannot see, whether it exists or not. */
export async function findJobForPage(viewer: Viewer, id: string): Promise<JobForPage | undefined> {
  viewer.require("readBatchJobs");
  const job = visibleBatchJobs(viewer.scope)
    .where("id", "=", id)
    .select([...batchJobColumns, ...moreColumns]);
  const counts = countContacts(viewer.scope);
  const numbers = visiblePhoneNumbers(viewer.scope).select(["id", "phone_number", "label"]);
  return database()
    .selectFrom(job.as("job"))
    .innerJoinLateral(sql<Pick<JobForPage, "breakdown">>`(${counts})`.as("counts"), (join) => join.onTrue())
    .leftJoin(numbers.as("number"), "number.id", "job.from_phone_number_id")
    .select([...batchJobColumns, ...moreColumns].map((column) => `job.${column}` as const))
    .select([
      "number.phone_number",
      "number.label as phone_number_label",
      "counts.breakdown",
      sql<Date>`now()`.as("as_of"),
    ])
    .executeTakeFirst();
}

/** A text that changes when anything on the page of a job does. */
export function versionOf({ updated_at, last_claimed_at, breakdown }: JobForPage): string {
  return JSON.stringify([updated_at, last_claimed_at, breakdown]);
}
