import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import { makeApiKey } from "../api-key";

export const bigId = "org_big";
export const smallId = (number: number) => `org_small_${number}`;
export const smallCount = 1_000;
export const smallJobs = 100;
const chunk = 250_000;

/** Most are over; and of each there are enough for deep pages. */
const statuses = `array['completed','completed','completed','completed','completed','completed','completed','completed',
  'failed','failed','cancelled','cancelled','pending','scheduled','running']`;

const columns = sql`id, organization_id, name, description, status, agent_id, from_phone_number_id, total_contacts,
  contacts_processed, successful_calls, failed_calls, scheduled_start_time, actual_start_time, created_at`;

const values = sql`'March Renewal Reminder', 'Follow up on expiring subscriptions',
  (${sql.raw(statuses)})[1 + floor(random() * 15)], 'agent_def456', 'phone_ghi789', 100, 42, 35, 7, now(), now(),
  timestamptz '2023-01-01' + ((n - random()) / jobs) * interval '1095 days'`;

/** Makes an API key for each small organization. @returns them in the order of the organizations. */
export async function createSmallKeys(db: Kysely<Database>): Promise<string[]> {
  const keys = Array.from({ length: smallCount }, makeApiKey);
  const rows = keys.map((key, number) => ({
    id: `key_bench_${number}`,
    organization_id: smallId(number),
    name: "Bench",
    key_hash: createHash("sha256").update(key).digest(),
    key_start: key.slice(0, 12),
    key_last_four: key.slice(-4),
    // Updated once a minute otherwise, all of them in the first one.
    last_used_at: sql<Date>`now() + interval '1 day'`,
  }));
  await db.insertInto("api_keys").values(rows).execute();
  return keys;
}

/**
 * One organization of many jobs and a thousand of a hundred, all with descriptions and times, over three years, in the
 * order in which they would have been created. By SQL in large statements, which the triggers count as any other.
 */
export async function seed(db: Kysely<Database>, jobs: number, say: (line: string) => void): Promise<void> {
  await sql`
    insert into organizations (id, name)
    values (${bigId}, 'Big') union all select 'org_small_' || n, 'Small' from generate_series(0, ${smallCount - 1}::int) as n
  `.execute(db);
  const startMs = performance.now();
  for (let from = 0; from < jobs; from += chunk) {
    await sql`
      insert into batch_jobs (${columns})
      select 'batch_' || substr(md5('big' || n), 1, 20), ${bigId}, ${values}
      from generate_series(${from + 1}::int, ${Math.min(from + chunk, jobs)}::int) as n, (select ${jobs}::int as jobs) as all_jobs
    `.execute(db);
    say(
      `${Math.min(from + chunk, jobs).toLocaleString("en-US")} jobs in ${Math.round((performance.now() - startMs) / 1_000)} s`,
    );
  }
  await sql`
    insert into batch_jobs (${columns})
    select 'batch_' || substr(md5(organization || '/' || n), 1, 20), 'org_small_' || organization, ${values}
    from generate_series(0, ${smallCount - 1}::int) as organization, generate_series(1, ${smallJobs}::int) as n,
      (select ${smallJobs}::int as jobs) as all_jobs
  `.execute(db);
  for (const table of ["batch_jobs", "batch_job_counts", "organizations"]) {
    await sql`vacuum (analyze) ${sql.table(table)}`.execute(db);
  }
}
