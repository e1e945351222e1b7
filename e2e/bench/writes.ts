import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import { bigId, smallCount, smallId } from "./seed";
import { type Spread, spread } from "./statistics";

export interface WriteMeasured {
  name: string;
  /** Time of one statement in the median round, in ms. */
  withMs: number;
  withoutMs: number;
  /** With the stored counts ÷ without. */
  ratio: Spread;
}

const triggers = ["zz_before_update", "count_after_insert", "count_after_update", "count_after_delete"];
/** What a table without counts would have instead of zz_before_update. */
const plain = "bench_set_updated_at";

async function makePlainTrigger(db: Kysely<Database>): Promise<void> {
  await sql`
    create or replace trigger ${sql.id(plain)} before update on batch_jobs
    for each row when (old.* is distinct from new.*) execute function set_updated_at()
  `.execute(db);
}

async function switchCounts(db: Kysely<Database>, to: "enable" | "disable"): Promise<void> {
  const other = to === "enable" ? "disable" : "enable";
  for (const [trigger, state] of [...triggers.map((name) => [name, to]), [plain, other]]) {
    await sql`alter table batch_jobs ${sql.raw(state ?? "")} trigger ${sql.id(trigger ?? "")}`.execute(db);
  }
}

let inserted = 0;

type Operation = (db: Kysely<Database>, isSame: boolean) => Promise<unknown>;

const insert =
  (count: number): Operation =>
  (db, isSame) => {
    const first = inserted;
    inserted += count;
    const organization = isSame ? bigId : `org_small_${first % smallCount}`;
    return sql`
      insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
      select 'written_' || n, ${organization}, 'Written', 'pending', 'agent_1', 'phone_1', 100
      from generate_series(${first}::int, ${first + count - 1}::int) as n
    `.execute(db);
  };

const random = (below: number) => Math.floor(Math.random() * below);
type Key = { organization_id: string; id: string };

/** Some running jobs, the only ones whose progress changes. */
async function someRunning(db: Kysely<Database>, isSame: boolean): Promise<Key[]> {
  const jobs = db.selectFrom("batch_jobs").select(["organization_id", "id"]).where("status", "=", "running");
  const many = jobs.where(
    "organization_id",
    "in",
    Array.from({ length: 100 }, (_, small) => smallId(small)),
  );
  return (isSame ? jobs.where("organization_id", "=", bigId).limit(1_000) : many).execute();
}

/** The predicate of a job by its primary key, as seed.ts made it. */
const isSomeJob = (isSame: boolean, jobs: number) => {
  const small = random(smallCount);
  const [organization, seed] = isSame
    ? [bigId, `big${1 + random(jobs)}`]
    : [smallId(small), `${small}/${1 + random(100)}`];
  return sql`organization_id = ${organization} and id = 'batch_' || substr(md5(${seed}::text), 1, 20)`;
};

const operations = (jobs: number, running: { same: Key[]; many: Key[] }): Record<string, Operation> => ({
  insert: insert(1),
  "insert of 1,000": insert(1_000),
  "status update": (db, isSame) =>
    sql`
      update batch_jobs set status = (${sql.val(batchJobStatuses)}::text[])[1 + mod(array_position(${sql.val(batchJobStatuses)}::text[], status), 6)]
      where ${isSomeJob(isSame, jobs)}
    `.execute(db),
  "progress update": (db, isSame) => {
    const keys = isSame ? running.same : running.many;
    const { organization_id, id } = keys[random(keys.length)] as Key;
    return sql`
      update batch_jobs set contacts_processed = 43 + ${random(50)}::int
      where organization_id = ${organization_id} and id = ${id}
    `.execute(db);
  },
});

/** @returns ms that a statement takes, over all writers. */
async function time(
  db: Kysely<Database>,
  operation: Operation,
  isSame: boolean,
  writers: number,
  seconds: number,
) {
  const untilMs = performance.now() + seconds * 1_000;
  const startMs = performance.now();
  let done = 0;
  const write = async () => {
    while (performance.now() < untilMs) {
      await operation(db, isSame);
      done++;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return (performance.now() - startMs) / done;
}

/** The time of writes with and without the stored counts, in turn. Leaves the counts wrong: repair them after. */
export async function measureWrites(
  db: Kysely<Database>,
  jobs: number,
  { rounds, seconds }: { rounds: number; seconds: number },
  say: (line: string) => void,
): Promise<WriteMeasured[]> {
  const taken = new Map<string, { withMs: number; withoutMs: number }[]>();
  await makePlainTrigger(db);
  for (let round = 1; round <= rounds; round++) {
    say(`writes, round ${round} of ${rounds}`);
    const running = { same: await someRunning(db, true), many: await someRunning(db, false) };
    for (const [kind, operation] of Object.entries(operations(jobs, running))) {
      for (const writers of [1, 8]) {
        for (const isSame of [true, false]) {
          const name = `${kind}, ${writers === 1 ? "1 writer" : `${writers} writers`}, ${isSame ? "one organization" : "many"}`;
          const measure = async (to: "enable" | "disable") => {
            await switchCounts(db, to);
            return time(db, operation, isSame, writers, seconds);
          };
          // The other one first in every second round.
          const pair =
            round % 2 === 0
              ? { withMs: await measure("enable"), withoutMs: await measure("disable") }
              : { withoutMs: await measure("disable"), withMs: await measure("enable") };
          taken.set(name, [...(taken.get(name) ?? []), pair]);
        }
      }
    }
  }
  await switchCounts(db, "enable");
  return [...taken].map(([name, pairs]) => ({
    name,
    withMs: spread(pairs.map(({ withMs }) => withMs)).median,
    withoutMs: spread(pairs.map(({ withoutMs }) => withoutMs)).median,
    ratio: spread(pairs.map(({ withMs, withoutMs }) => withMs / withoutMs)),
  }));
}

/** Eight writers in one organization, with transactions of many statements. @returns how much they did and failed. */
export async function writeWithoutDeadlock(db: Kysely<Database>, seconds: number) {
  const untilMs = performance.now() + seconds * 1_000;
  const result = { transactions: 0, deadlocks: 0, otherErrors: 0 };
  const write = async (writer: number) => {
    let own = 0;
    while (performance.now() < untilMs) {
      const first = own;
      own += 5;
      await db
        .transaction()
        .execute(async (transaction) => {
          for (let job = first; job < own; job++) {
            await sql`
              insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
              values (${`deadlock_${writer}_${job}`}, ${bigId}, 'Written', 'pending', 'agent_1', 'phone_1', 100)
            `.execute(transaction);
          }
          // In the order of ids: jobs of several statements and, of many transactions, ranges in any order.
          await sql`
            update batch_jobs set status = ${batchJobStatuses[random(6)]}, created_at = created_at - interval '30 days' * ${random(30)}::int
            where organization_id = ${bigId} and id = ${`deadlock_${writer}_${random(own)}`}
          `.execute(transaction);
          if (random(4) === 0) {
            await sql`delete from batch_jobs where organization_id = ${bigId} and id = ${`deadlock_${writer}_${random(own)}`}`.execute(
              transaction,
            );
          }
        })
        .then(
          () => void result.transactions++,
          (error: { code?: string }) => {
            if (error.code === "40P01") result.deadlocks++;
            else result.otherErrors++;
          },
        );
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  return result;
}
