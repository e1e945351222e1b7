import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { Command, Option } from "commander";
import { freePort } from "@/db/fixtures-postgres";
import { measureBursts } from "./bursts";
import { measureCampaigns } from "./calls";
import { measureParameters, seedParameters } from "./parameters";
import { planOf } from "./plans";
import {
  listCases,
  measureLists,
  measureObserved,
  measurePages,
  names,
  type Stand,
  type Target,
  walk,
} from "./reads";
import { report, reportParameters, type Whole } from "./report";
import { bigId, createSmallKeys, seed, smallId } from "./seed";
import {
  admin,
  endAll,
  startDatabase,
  startEmptyNext,
  startLoad,
  startServer,
  startYardstick,
} from "./stand";
import { memoryOf } from "./usage";
import { campaignGoalsOf, goalsOf, noiseOf } from "./verdict";
import { measureWrites, writeWithoutDeadlock } from "./writes";

const email = "bench@example.com";
const password = "a password for the bench";
const startMs = performance.now();
const say = (line: string) =>
  console.error(`${String(Math.round((performance.now() - startMs) / 1_000)).padStart(4)} s  ${line}`);

/** Signs in as a browser does. @returns the cookies. */
async function signIn(server: { address: string; publicAddress: string }): Promise<string> {
  const asked = await fetch(`${server.address}/api/auth/csrf`);
  const { csrfToken } = (await asked.json()) as { csrfToken: string };
  const cookies = (response: Response) =>
    response.headers.getSetCookie().map((one) => one.split(";", 1)[0] ?? "");
  const answer = await fetch(`${server.address}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: cookies(asked).join("; "), Origin: server.publicAddress },
    body: new URLSearchParams({ email, password, csrfToken, json: "true" }),
  });
  return [...cookies(asked), ...cookies(answer)].join("; ");
}

async function get(url: string, bearer: string): Promise<string> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${bearer}` } });
  if (!response.ok) throw new Error(`${response.status} from ${url}: ${await response.text()}`);
  return response.text();
}

/** How often and how long is measured. */
const long = {
  ...{ lists: { all: 2, allSeconds: 0.8, key: 5, keySeconds: 2, warmUpRequests: 8_000 }, bursts: 5 },
  observed: { pairs: 30, requests: 3_000, warmUpRequests: 12_000 },
  ...{ writes: { rounds: 10, seconds: 0.35 }, deadlockSeconds: 60 },
  campaigns: { rounds: 3, seconds: 6 },
};
const quick: typeof long = {
  ...{ lists: { all: 1, allSeconds: 0.3, key: 5, keySeconds: 1, warmUpRequests: 4_000 }, bursts: 3 },
  observed: { pairs: 14, requests: 1_500, warmUpRequests: 8_000 },
  ...{ writes: { rounds: 1, seconds: 0.1 }, deadlockSeconds: 5 },
  campaigns: { rounds: 1, seconds: 3 },
};

interface Options {
  jobs?: number;
  out: string;
  quick: boolean;
  only?: "calls" | "parameters";
  node?: string;
}

type Database = Awaited<ReturnType<typeof startDatabase>>;
type Server = Awaited<ReturnType<typeof startServer>>;

/** What each parameter of the list costs in PostgreSQL. */
async function benchParameters({ jobs = 1_000_000 }: Options, directory: string): Promise<void> {
  const { databaseUrl, db, pid, stop } = await startDatabase(directory);
  try {
    await seedParameters(db, jobs, say);
    const key = admin(databaseUrl, ["api-keys", "create", "--organization", bigId, "--name", "Bench"]);
    const { address } = await startServer(databaseUrl);
    const list = `${address}/batch/jobs?organizationId=${bigId}`;
    const measured = await measureParameters(db, pid, (query) => get(`${list}&${query}`, key));
    console.log(reportParameters(measured));
  } finally {
    await endAll();
    await db.destroy();
    await stop();
  }
}

async function bench(options: Options, directory: string): Promise<void> {
  const { out, quick: isQuick, only, node } = options;
  const jobs = options.jobs ?? (only ? 10_000 : 1_000_000);
  const effort = isQuick ? quick : long;
  const database = await startDatabase(directory);
  const { databaseUrl, db } = database;
  try {
    say(`${jobs.toLocaleString("en-US")} jobs in one organization, a hundred in each of a thousand`);
    await seed(db, jobs, say);
    say("building and starting what is compared");
    const server = await startServer(databaseUrl);
    const target: Target = {
      serverUrl: server.address,
      serverPid: server.pid,
      databasePid: database.pid,
      load: startLoad(),
    };
    await mkdir(out, { recursive: true });
    const whole =
      only === undefined
        ? await measureWhole(target, { database, server, jobs, effort, node, out })
        : undefined;
    const campaigns = await measureCampaigns(target, startLoad(), db, effort.campaigns, say);

    const goals = [...(whole ? goalsOf(whole) : []), ...campaignGoalsOf(campaigns)];
    const noise = whole && noiseOf(whole.lists);
    const about = `${jobs.toLocaleString("en-US")} jobs in one organization, a thousand of a hundred; ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, PostgreSQL that waits for the disk; ${Math.round((performance.now() - startMs) / 1_000)} s`;
    const text = report({ about, goals, noise, whole, campaigns });
    const lists = whole && [...whole.lists.values()];
    const json = { about, goals, noise, ...whole, lists, campaigns };
    await writeFile(path.join(out, "bench.json"), `${JSON.stringify(json, null, 2)}\n`);
    await writeFile(path.join(out, "bench.md"), `${text}\n`);
    console.log(text);
    say(`also in ${out}: bench.md, bench.json${whole ? ", plans.txt" : ""}`);
  } finally {
    await endAll();
    await db.destroy();
    await database.stop();
  }
}

/** Everything but calls. Leaves the counts of jobs correct. */
async function measureWhole(
  target: Target,
  given: {
    database: Database;
    server: Server;
    jobs: number;
    effort: typeof long;
    node?: string;
    out: string;
  },
): Promise<Whole> {
  const { server, jobs, effort, node, out } = given;
  const { databaseUrl, db } = given.database;
  for (const [number, id] of [bigId, smallId(7)].entries()) {
    const words = ["--email", email, "--organization", id];
    const role = ["--role", "member"];
    if (number === 0)
      admin(databaseUrl, ["users", "create", ...words, ...role, "--password-stdin"], password);
    else admin(databaseUrl, ["users", "add", ...words, ...role]);
  }
  const key = (id: string) =>
    admin(databaseUrl, ["api-keys", "create", "--organization", id, "--name", "Bench"]);
  const keys = { big: key(bigId), small: key(smallId(7)) };
  const memoryNow = () => ({ server: memoryOf(server.pid), starter: memoryOf(server.starterPid) });
  const idle = memoryNow();
  const list = `/batch/jobs?organizationId=${smallId(7)}`;
  const small = await get(server.address + list, keys.small);
  const other = node === undefined ? undefined : await startServer(databaseUrl, { program: node });
  const plain = await startServer(databaseUrl);
  const observed = await startServer(databaseUrl, {
    settings: { LOG_REQUESTS: "all", METRICS_PORT: `${await freePort()}` },
    logFile: path.join(directory, "requests.log"),
  });
  const stand: Stand = {
    ...target,
    keys,
    smallKeys: await createSmallKeys(db),
    pair: {
      plain: { url: plain.address + list, pid: plain.pid },
      observed: { url: observed.address + list, pid: observed.pid },
    },
    yardsticks: {
      empty: await startEmptyNext(Buffer.byteLength(small)),
      bare: await startYardstick("bare.ts", databaseUrl, list, keys.small),
      fastify: await startYardstick("fastify.ts", databaseUrl, list, keys.small),
    },
    otherNode: other && { url: other.address + list, pid: other.pid },
  };
  const cases = await listCases(stand, async (url, bearer) => JSON.parse(await get(url, bearer)).total);

  const lists = await measureLists(stand, cases, effort.lists, say);
  const observation = await measureObserved(stand, effort.observed, say);
  const bursts = await measureBursts(stand, effort.bursts, say);
  const walked = await walk(stand, jobs, say);
  say("jobs pages");
  const pages = await measurePages(stand, await signIn(server));
  const after = memoryNow();
  const memory = {
    server: { idle: idle.server, after: after.server },
    starter: { idle: idle.starter, after: after.starter },
  };
  say("plans");
  const plans: string[] = [];
  for (const [name, statement] of [
    [names.first100, /^(?!.*"first_job" as)/s],
    [names.middle100, /"seek" as/],
    [names.last100, /"seek" as/],
  ] as const) {
    const url = cases.find((one) => one.name === name)?.url ?? "";
    await get(url, keys.big);
    const offset = (Number(new URL(url).searchParams.get("page")) - 1) * 100;
    const keyHash = createHash("sha256").update(keys.big).digest();
    plans.push(
      `${name}\n\n${await planOf(db, (text) => statement.test(text) && /limit 100 /.test(text), { keyHash, organizationId: bigId, offset })}`,
    );
  }
  await writeFile(path.join(out, "plans.txt"), `${plans.join("\n\n\n")}\n`);

  const writes = await measureWrites(db, jobs, effort.writes, say);
  admin(databaseUrl, ["batch-jobs", "check-counts", "--repair"]);
  say(`eight writers for ${effort.deadlockSeconds} s`);
  const deadlock = await writeWithoutDeadlock(db, effort.deadlockSeconds);
  say(admin(databaseUrl, ["batch-jobs", "check-counts"]));
  return { lists, observed: observation, walk: walked, writes, bursts, memory, pages, deadlock };
}

const options = new Command("npm run bench --")
  .description(
    "Measure reading and writing with a million jobs, beside three yardsticks. Linux; about seventeen minutes.",
  )
  .option(
    "--jobs <number>",
    "in the large organization; otherwise a million, or 10,000 with --only calls",
    Number,
  )
  .option("--quick", "measure each more briefly: enough to see which goals are met", false)
  .addOption(new Option("--only <part>", "measure only this part").choices(["calls", "parameters"]))
  .option("--node <program>", "another version of Node, to compare the small list with")
  .option("--out <folder>", "for the table, the JSON file and the plans", "e2e/.output/bench")
  .parse()
  .opts<Options>();
const directory = await mkdtemp(path.join(tmpdir(), "batch-jobs-bench-"));
try {
  await (options.only === "parameters" ? benchParameters : bench)(options, directory);
} finally {
  await rm(directory, { recursive: true, force: true });
}
