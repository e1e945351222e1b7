import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import { makeApiKey } from "../api-key";
import type { Dialed } from "./dial";
import type { Load } from "./load";
import { pauseMs, type Target } from "./reads";
import { smallId } from "./seed";
import { type Spread, spread } from "./statistics";
import { cpuMs, cpuOfAllMs, memoryOf, peakMemoryMb } from "./usage";

/** CPU time in ms. */
interface Cpu {
  server: number;
  database: number;
}

export interface CallsMeasured {
  name: string;
  callsPerSecond: Spread;
  claimP50Ms: Spread;
  dialingP50Ms: Spread;
  resultP50Ms: Spread;
  /** CPU time of a call, in ms. */
  serverCpuMs: Spread;
  databaseCpuMs: Spread;
  failed: number;
}

export interface Campaigns {
  calls: CallsMeasured[];
  list: {
    requestsPerSecond: Spread;
    /** While calls are made, too. */
    besideCalls: Spread;
    /** CPU time of a request, in ms, in the server and the database. */
    cpuMs: Spread;
    /** While calls are made, without what these take alone. */
    cpuBesideCallsMs: Spread;
  };
  create: { p50Ms: number; memoryGrowthMb: number };
  cancelP50Ms: number;
  /** Requests a second of a job's first 50 contacts, and of the list, in turn. */
  job: { requestsPerSecond: Spread; list: Spread };
}

export const callNames = {
  one: "one organization, 100 calls a second",
  beside: "the same beside requests of its list",
  ten: "ten organizations, 300 calls a second in all",
};

const contacts = 10_000;
/** Calls that are open at the same time. */
const open = 50;
/** A little above what the goals ask for, which the pauses between calls would otherwise miss. */
const rates = { one: 105, ten: 315 };
const firstOrganization = 100;

interface Organization {
  id: string;
  key: string;
}

/** Lets one of the small organizations make calls. */
async function prepare(db: Kysely<Database>, number: number): Promise<Organization> {
  const id = smallId(number);
  const key = makeApiKey();
  await db
    .insertInto("api_keys")
    .values({
      ...{ id: `key_calls_${number}`, organization_id: id, name: "Bench" },
      ...{ scopes: ["read", "manage", "dial"], key_hash: createHash("sha256").update(key).digest() },
      ...{ key_start: "tk_live_", key_last_four: "xxxx" },
    })
    .execute();
  await db
    .insertInto("phone_numbers")
    .values({ organization_id: id, id: "phone_1", phone_number: "+12025550100", agent_id: "agent_1" })
    .execute();
  await db
    .insertInto("organization_calling")
    .values({ organization_id: id, concurrent_call_limit: open })
    .execute();
  return { id, key };
}

const newJob = {
  name: "January Renewal Campaign",
  fromPhoneNumberId: "phone_1",
  concurrentCallLimit: open,
  contacts: Array.from({ length: contacts }, (_, at) => ({
    phone: `+1202${String(5_550_000 + at).padStart(7, "0")}`,
    name: `Contact ${at}`,
    plan: "Gold",
    renewalDate: "2027-01-31",
  })),
};

async function post<R>(target: Target, path: string, { key }: Organization, body?: string): Promise<R> {
  const response = await fetch(target.serverUrl + path, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, ...(body && { "Content-Type": "application/json" }) },
    body,
  });
  if (!response.ok) throw new Error(`${response.status} from ${path}: ${await response.text()}`);
  return (await response.json()) as R;
}

async function createJob(target: Target, organization: Organization, body: string): Promise<string> {
  return (await post<{ batchJobId: string }>(target, "/batch/create", organization, body)).batchJobId;
}

async function timeOf<T>(run: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startMs = performance.now();
  const result = await run();
  return { ms: performance.now() - startMs, result };
}

/** Creates jobs, one after the other, and cancels them at the end of it all. */
async function measureCreate(target: Target, organization: Organization, rounds: number) {
  const body = JSON.stringify(newJob);
  // To warm up, without what the first large body needs for good.
  for (let round = 0; round < 2; round++) await createJob(target, organization, body);
  await delay(pauseMs);
  const before = memoryOf(target.serverPid).residentMb;
  writeFileSync(`/proc/${target.serverPid}/clear_refs`, "5"); // the peak begins anew
  const created: { ms: number; result: string }[] = [];
  for (let round = 0; round < rounds; round++) {
    created.push(await timeOf(() => createJob(target, organization, body)));
  }
  return {
    ids: created.map(({ result }) => result),
    p50Ms: spread(created.map(({ ms }) => ms)).median,
    memoryGrowthMb: peakMemoryMb(target.serverPid) - before,
  };
}

/** Runs something beside what it costs. */
async function withCpu<T>(target: Target, run: () => Promise<T>): Promise<{ result: T; cpu: Cpu }> {
  await delay(pauseMs);
  const before = { server: cpuMs(target.serverPid), database: cpuOfAllMs(target.databasePid) };
  const result = await run();
  const cpu = {
    server: cpuMs(target.serverPid) - before.server,
    database: cpuOfAllMs(target.databasePid) - before.database,
  };
  return { result, cpu };
}

function callsOf(name: string, all: { result: Dialed; cpu: Cpu }[]): CallsMeasured {
  const of = (value: (one: (typeof all)[number]) => number) => spread(all.map(value));
  return {
    name,
    callsPerSecond: of(({ result }) => result.callsPerSecond),
    claimP50Ms: of(({ result }) => result.claimP50Ms),
    dialingP50Ms: of(({ result }) => result.dialingP50Ms),
    resultP50Ms: of(({ result }) => result.resultP50Ms),
    serverCpuMs: of(({ result, cpu }) => cpu.server / result.calls),
    databaseCpuMs: of(({ result, cpu }) => cpu.database / result.calls),
    failed: all.reduce((sum, { result }) => sum + result.failed, 0),
  };
}

/**
 * Jobs of 10,000 contacts: creating, reading, dialing and cancelling them over HTTP, and the list beside the calls.
 *
 * @param target whose organizations are those of seed.ts.
 * @param dial sends the requests of calls, in another process than those of the list.
 */
export async function measureCampaigns(
  target: Target,
  dial: Target["load"],
  db: Kysely<Database>,
  { rounds, seconds }: { rounds: number; seconds: number },
  say: (line: string) => void,
): Promise<Campaigns> {
  const organizations: Organization[] = [];
  for (let number = 0; number < 11; number++) {
    organizations.push(await prepare(db, firstOrganization + number));
  }
  const creator = organizations.pop() as Organization;
  const [one] = organizations as [Organization];

  say(`creating jobs of ${contacts.toLocaleString("en-US")} contacts`);
  const { ids, ...create } = await measureCreate(target, creator, 3 * rounds);
  for (const each of organizations) await createJob(target, each, JSON.stringify(newJob));

  const loadOf = (path: string, { key }: Organization) => {
    const headers = { Authorization: `Bearer ${key}` };
    const options = { url: target.serverUrl + path, headers, connections: 16, duration: seconds };
    return target.load<Load>({ kind: "load", options: { ...options, sampleInt: 100 } });
  };
  const list = () => loadOf(`/batch/jobs?organizationId=${one.id}`, one);
  const job = () => loadOf(`/batch/jobs/${ids[0]}`, creator);
  const perSecond = (all: Load[]) => spread(all.map((load) => (load.requests / load.durationMs) * 1_000));
  const dialed = (callsPerSecond: number, by: Organization[]) =>
    dial<Dialed>({
      kind: "dial",
      ...{ url: target.serverUrl, keys: by.map(({ key }) => key), callsPerSecond, seconds },
    });

  const read: Record<"job" | "list", Load[]> = { job: [], list: [] };
  const taken = {
    list: [] as { result: Load; cpu: Cpu }[],
    calls: [] as { result: Dialed; cpu: Cpu }[],
    both: [] as { result: { list: Load; calls: Dialed }; cpu: Cpu }[],
    ten: [] as { result: Dialed; cpu: Cpu }[],
  };
  for (let round = 0; round <= rounds; round++) {
    say(round === 0 ? "warming up" : `calls, round ${round} of ${rounds}`);
    await delay(pauseMs);
    const jobLoad = await job();
    const listAlone = await withCpu(target, list);
    const calls = await withCpu(target, () => dialed(rates.one, [one]));
    const both = await withCpu(target, async () => {
      const [beside, made] = await Promise.all([list(), dialed(rates.one, [one])]);
      return { list: beside, calls: made };
    });
    const ten = await withCpu(target, () => dialed(rates.ten, organizations));
    if (round === 0) continue;
    read.job.push(jobLoad);
    read.list.push(listAlone.result);
    taken.list.push(listAlone);
    taken.calls.push(calls);
    taken.both.push(both);
    taken.ten.push(ten);
  }

  say("cancelling jobs");
  const cancelled: number[] = [];
  for (const id of ids) {
    cancelled.push((await timeOf(() => post(target, `/batch/jobs/${id}/cancel`, creator))).ms);
  }
  const all = ({ cpu }: { cpu: Cpu }) => cpu.server + cpu.database;
  const ofCall = spread(taken.calls.map((one) => all(one) / one.result.calls)).median;
  return {
    calls: [
      callsOf(callNames.one, taken.calls),
      callsOf(
        callNames.beside,
        taken.both.map(({ result, cpu }) => ({ result: result.calls, cpu })),
      ),
      callsOf(callNames.ten, taken.ten),
    ],
    list: {
      requestsPerSecond: perSecond(read.list),
      besideCalls: perSecond(taken.both.map(({ result }) => result.list)),
      cpuMs: spread(taken.list.map((one) => all(one) / one.result.requests)),
      cpuBesideCallsMs: spread(
        taken.both.map((one) => (all(one) - one.result.calls.calls * ofCall) / one.result.list.requests),
      ),
    },
    create,
    cancelP50Ms: spread(cancelled).median,
    job: { requestsPerSecond: perSecond(read.job), list: perSecond(read.list) },
  };
}
