import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { exportColumns, toCell, toOwnColumn } from "../contacts/export-columns";
import { type ContactFilter, listContactsAsJson } from "../contacts/list";
import { visibleContacts } from "../contacts/visible";
import { csvLine } from "../format/csv";
import { type Authorize, batchSize, exportCsv, readBatch } from "../http/csv-export";
import { jobNotFound } from "./lock";
import { visibleBatchJobs } from "./visible";

/** Members of a contact that are among exportColumns. */
const shownFields = ["phone", "name"];
/** How many columns a job's own fields may have; if they have more names, they are in one column, as JSON. */
const ownFieldsMax = 200;

/**
 * The contacts of a job that match as CSV, with their results, in the order of the upload.
 *
 * @param authorize as of exportBatchJobs.
 * @returns what exportCsv does.
 * @throws HttpError what `authorize` throws, 404 for a job that the viewer cannot see, 429 with `Retry-After` when too many
 *   are running.
 */
export async function exportContacts(
  method: string,
  query: ContactFilter & { batchJobId: string; bom?: "0" | "1" },
  authorize: Authorize,
): Promise<ReadableStream<Uint8Array> | string> {
  const viewer = await authorize(true);
  viewer.require("readBatchJobs");
  const job = await visibleBatchJobs(viewer.scope)
    .where("id", "=", query.batchJobId)
    .select(["id", "retry_max_attempts"])
    .executeTakeFirst();
  if (!job) throw jobNotFound;
  return exportCsv(viewer, method, readPieces(job, query, authorize));
}

async function* readPieces(
  job: { id: string; retry_max_attempts: number },
  { bom, ...filter }: ContactFilter & { bom?: "0" | "1" },
  authorize: Authorize,
): AsyncGenerator<string, void, void> {
  const names = await readBatch(authorize, (viewer) => listOwnFields(viewer, job.id));
  const own: typeof exportColumns =
    names.length > ownFieldsMax
      ? [["contactData", ({ contactData }) => JSON.stringify(contactData)]]
      : names.map((name) => [
          toOwnColumn(name),
          ({ contactData }) => toCell(Object.hasOwn(contactData, name) ? contactData[name] : null),
        ]);
  const all = [...exportColumns, ...own];
  let piece = (bom === "1" ? "\ufeff" : "") + csvLine(all.map(([name]) => name));
  for (let after = 0; ; ) {
    const page = await readBatch(authorize, (viewer) =>
      listContactsAsJson(viewer, job, filter, { after, limit: batchSize }),
    );
    yield piece + page.map(({ contact }) => csvLine(all.map(([, value]) => value(contact)))).join("");
    const last = page.at(-1);
    if (!last || page.length < batchSize) return;
    after = last.position;
    piece = "";
  }
}

/** The names of the fields that contacts of a job have, in the order of the first that has each, up to ownFieldsMax + 1. */
async function listOwnFields(viewer: Viewer, batchJobId: string): Promise<string[]> {
  const contacts = visibleContacts(viewer.scope, sql.val(batchJobId));
  const rows = await contacts
    .innerJoin(
      sql<{ name: string; place: number }>`jsonb_object_keys(contact_data) with ordinality`.as(
        sql`field(name, place)`,
      ),
      (join) => join.onTrue(),
    )
    .where("field.name", "not in", shownFields)
    .groupBy("field.name")
    .orderBy(sql`min(position), min(place)`)
    .limit(ownFieldsMax + 1)
    .select("field.name")
    .execute();
  return rows.map(({ name }) => name);
}
