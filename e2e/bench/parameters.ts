import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import { bigId } from "./seed";
import { spread } from "./statistics";
import { childrenOf } from "./usage";

export interface ParametersMeasured {
  query: string;
  /** `10,000+` when it is not exact. */
  total: string;
  /** The indexes of jobs that were read, beside the primary key. */
  indexes: string[];
  /** CPU time of PostgreSQL for a request. */
  cpuMs: number;
}

const month = (name: string) => `${name}From=2024-05-01T00:00:00Z&${name}To=2024-06-01T00:00:00Z`;
/** Far from the beginning of the list. */
const eightMonths = (name: string) => `${name}From=2023-03-01T00:00:00Z&${name}To=2023-11-01T00:00:00Z`;

const queries = [
  "include=statusCounts",
  "cursor=",
  ...["createdAt", "name", "scheduledStartTime", "actualStartTime", "completedAt", "updatedAt"].flatMap(
    (field) => [`sort=${field}`, `sort=-${field}`],
  ),
  ...["sort=name&status=failed", "sort=completedAt&status=running", "sort=updatedAt&status=running"],
  // Names that 0, 1,000, 30,000 and all jobs have.
  ...["q=zebra", "q=overdue", "q=holiday", "q=renewal"],
  ...["q=renewal&total=none", "q=renewal&sort=name", "q=renewal&status=failed", "q=re", "q=zz"],
  ...["q=renewal&include=statusCounts", "q=holiday&include=statusCounts"],
  ...["agentId=agent_7", "fromPhoneNumberId=phone_7", "agentId=agent_7&status=failed"],
  ...["agentId=agent_7&fromPhoneNumberId=phone_7", "agentId=agent_7&sort=name"],
  ...["created", "scheduled", "started", "completed"].flatMap((name) => [month(name), eightMonths(name)]),
  ...[`${month("completed")}&status=failed`, `${eightMonths("completed")}&status=failed`],
  ...[`${eightMonths("completed")}&include=statusCounts`, `${eightMonths("created")}&sort=-completedAt`],
  ...["updatedSince=2025-01-01T00:00:00Z&sort=updatedAt", "updatedSince=2099-01-01T00:00:00Z&sort=updatedAt"],
];

/** One organization, three years, names, agents and numbers of several sizes, and times that follow each other. */
export async function seedParameters(
  db: Kysely<Database>,
  jobs: number,
  say: (line: string) => void,
): Promise<void> {
  await sql`insert into organizations (id, name) values (${bigId}, 'Big')`.execute(db);
  const chunk = 50_000;
  for (let from = 0; from < jobs; from += chunk) {
    await sql`
      insert into batch_jobs (id, organization_id, name, description, status, agent_id, from_phone_number_id, total_contacts,
        contacts_processed, scheduled_start_time, actual_start_time, completed_at, created_at)
      select 'batch_' || substr(md5(n::text), 1, 20), ${bigId},
        case when n % 1000 = 7 then 'Overdue ' when n % 33 = 5 then 'Holiday ' else '' end || 'Renewal ' || n % 100,
        'Follow up on expiring subscriptions', status, 'agent_' || n % 50, 'phone_' || n % 20, 100, 42,
        case when n % 4 > 0 then scheduled end,
        case when status in ('running', 'completed', 'failed') then scheduled + interval '1 minute' end,
        case when status in ('completed', 'failed', 'cancelled') then scheduled + interval '2 hours' end,
        created
      from (
        select n, created, created + random() * interval '14 days' as scheduled,
          (array['completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed',
            'failed', 'failed', 'cancelled', 'cancelled', 'pending', 'scheduled', 'running'])[1 + floor(random() * 15)] as status
        from generate_series(${from + 1}::int, ${Math.min(from + chunk, jobs)}::int) as n
        cross join lateral (select timestamptz '2023-01-01Z' + n * interval '1095 days' / ${jobs}::int as created) as at
      ) as job
    `.execute(db);
    say(`${Math.min(from + chunk, jobs).toLocaleString("en-US")} jobs`);
  }
  for (const table of ["batch_jobs", "batch_job_counts"])
    await sql`vacuum (analyze) ${sql.table(table)}`.execute(db);
}

/** CPU time of PostgreSQL's processes by now, in ms, to the ns. */
const cpuMs = (pid: number) =>
  [pid, ...childrenOf(pid)].reduce((sum, one) => {
    try {
      return sum + Number(readFileSync(`/proc/${one}/schedstat`, "utf8").split(" ")[0]) / 1e6;
    } catch {
      return sum; // it has just ended
    }
  }, 0);

/** Sends each query nine times, on one connection after the other. */
export async function measureParameters(
  db: Kysely<Database>,
  databasePid: number,
  get: (query: string) => Promise<string>,
): Promise<ParametersMeasured[]> {
  const scans = async () => {
    const { rows } = await sql<{ name: string; count: number }>`
      select indexrelname as name, idx_scan::int as count from pg_stat_user_indexes
      where relname = 'batch_jobs' and indexrelname <> 'batch_jobs_pkey'
      union all select 'table', seq_scan::int from pg_stat_user_tables where relname = 'batch_jobs'
    `.execute(db);
    return new Map(rows.map(({ name, count }) => [name, count]));
  };
  const measured: ParametersMeasured[] = [];
  for (const query of queries) {
    // PostgreSQL publishes a connection's statistics at the end of a statement, once a second.
    const publish = async () => {
      await delay(1_100);
      return JSON.parse(await get(query));
    };
    await publish();
    const before = await scans();
    const times: number[] = [];
    for (let round = 0; round < 9; round++) {
      const startMs = cpuMs(databasePid);
      await get(query);
      times.push(cpuMs(databasePid) - startMs);
    }
    const { total, totalIsExact } = await publish();
    const after = await scans();
    const used = [...after].filter(([name, count]) => count > (before.get(name) ?? 0));
    measured.push({
      query,
      total:
        total === undefined ? "" : `${total.toLocaleString("en-US")}${totalIsExact === false ? "+" : ""}`,
      indexes: used.map(([name]) => name.replace("batch_jobs_", "")),
      cpuMs: spread(times).median,
    });
  }
  return measured;
}
