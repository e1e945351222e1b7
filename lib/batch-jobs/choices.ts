import { type RawBuilder, sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { visiblePhoneNumbers } from "../phone-numbers/visible";
import { visibleBatchJobs } from "./visible";

/** More than this nobody looks through: then the ID is typed. */
export const choicesMax = 50;

export interface Choice {
  id: string;
  /** What people know it by. */
  label?: string;
}

/** What the jobs of an organization can be filtered by, each at most `choicesMax` + 1 in the order of their ids. */
export interface Choices {
  agents: Choice[];
  phoneNumbers: Choice[];
}

/**
 * The different values of a column, one index lookup for each: PostgreSQL's `distinct` would read all jobs.
 *
 * @returns rows of `id`.
 */
function distinctValues(
  viewer: Viewer,
  column: "agent_id" | "from_phone_number_id",
): RawBuilder<{ id: string }> {
  const first = visibleBatchJobs(viewer.scope).select(column).orderBy(column).limit(sql.lit(1));
  const next = first.where(column, ">", sql<string>`found.id`);
  return sql`(
    with recursive found (id) as (
      (${first}) union all select (${next}) from found where found.id is not null
    )
    select id from found where id is not null limit ${sql.lit(choicesMax + 1)}
  )`;
}

/** The agents and phone numbers of the organization's jobs. */
export async function listChoices(viewer: Viewer): Promise<Choices> {
  viewer.require("readBatchJobs");
  const numbers = visiblePhoneNumbers(viewer.scope).select(["id", "phone_number", "label"]);
  const { rows } = await sql<{ kind: keyof Choices; id: string; label: string | null }>`
    select 'agents' as kind, id, null as label from ${distinctValues(viewer, "agent_id")} as agents
    union all
    select 'phoneNumbers', used.id, concat_ws(', ', numbers.phone_number, numbers.label)
    from ${distinctValues(viewer, "from_phone_number_id")} as used
    left join (${numbers}) as numbers on numbers.id = used.id
  `.execute(database());
  const choicesOf = (kind: keyof Choices) =>
    rows.filter((row) => row.kind === kind).map(({ id, label }) => ({ id, ...(label && { label }) }));
  return { agents: choicesOf("agents"), phoneNumbers: choicesOf("phoneNumbers") };
}
