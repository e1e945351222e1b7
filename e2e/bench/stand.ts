import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@/db/client";
import { freePort, startOwnPostgres } from "@/db/fixtures-postgres";
import { secret } from "../servers";
import type { Task } from "./load";
import type { Yardstick } from "./reads";
import { servingProcess } from "./usage";

const root = path.resolve(import.meta.dirname, "../..");
const node = [process.execPath, "--import", "tsx"];
const started: ChildProcess[] = [];

function start(
  command: string[],
  env: Record<string, string>,
  cwd = root,
  log: "inherit" | number = "inherit",
): ChildProcess {
  const [program = "", ...words] = command;
  const child = spawn(program, words, {
    cwd,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ...env },
    stdio: ["ignore", "ignore", log],
  });
  started.push(child);
  return child;
}

async function untilAnswering(url: string, headers: Record<string, string> = {}): Promise<void> {
  for (const untilMs = Date.now() + 120_000; ; await delay(100)) {
    if (
      await fetch(url, { headers }).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    if (Date.now() > untilMs) throw new Error(`${url} does not answer`);
  }
}

/** The operator's tool, as an operator uses it. @returns what it printed on standard output; the rest is not shown. */
export function admin(databaseUrl: string, words: string[], input?: string): string {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  return execFileSync(process.execPath, ["lib/cli/run.mjs", "admin", ...words], {
    cwd: root,
    env,
    input,
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

/** A PostgreSQL that waits for the disk as one in use does, with this version's tables. */
export async function startDatabase(directory: string) {
  const postgres = await startOwnPostgres(directory, undefined, false);
  admin(postgres.databaseUrl, ["organizations", "list"]);
  const file = await readFile(path.join(directory, "postgres/postmaster.pid"), "utf8");
  const db = createClient({
    databaseUrl: postgres.databaseUrl,
    poolMax: 8,
    applicationName: "bench",
    timeouts: false,
  });
  return { ...postgres, db, pid: Number(file.split("\n")[0]) };
}

/**
 * The product's server, as `npm start` runs it.
 *
 * @param options.program Node.
 * @param options.settings further environment variables.
 * @param options.logFile where it logs; by default here.
 * @returns its address, the process that serves, and the one beside it.
 */
export async function startServer(
  databaseUrl: string,
  options: { program?: string; settings?: Record<string, string>; logFile?: string } = {},
) {
  const { program = process.execPath, settings, logFile } = options;
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const env = { DATABASE_URL: databaseUrl, NEXTAUTH_URL: address, NEXTAUTH_SECRET: secret, PORT: `${port}` };
  const log = logFile === undefined ? "inherit" : openSync(logFile, "a");
  const child = start([program, "lib/cli/start.mjs"], { ...env, ...settings }, root, log);
  await untilAnswering(`http://127.0.0.1:${port}/health/ready`);
  const starterPid = child.pid ?? 0;
  const pid = servingProcess(starterPid);
  return { address: `http://127.0.0.1:${port}`, publicAddress: address, pid, starterPid };
}

/** The first yardstick: a route handler of Next with a body that is there already. */
export async function startEmptyNext(bodyBytes: number): Promise<Yardstick> {
  const next = path.join(root, "node_modules/next/dist/bin/next");
  const cwd = path.join(import.meta.dirname, "empty-next");
  execFileSync(process.execPath, [next, "build"], {
    cwd,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  const port = await freePort();
  const command = [process.execPath, next, "start", "-H", "127.0.0.1", "-p", `${port}`];
  const { pid = 0 } = start(command, { BODY_BYTES: `${bodyBytes}` }, cwd);
  const url = `http://127.0.0.1:${port}/empty`;
  await untilAnswering(url);
  return { url, pid };
}

/** The others: programs of one file, `bare.ts` and `fastify.ts`. */
export async function startYardstick(
  file: string,
  databaseUrl: string,
  path: string,
  key: string,
): Promise<Yardstick> {
  const port = await freePort();
  const program = fileURLToPath(new URL(file, import.meta.url));
  const { pid = 0 } = start([...node, program], { DATABASE_URL: databaseUrl, PORT: `${port}` });
  const url = `http://127.0.0.1:${port}${path}`;
  await untilAnswering(url, { Authorization: `Bearer ${key}` });
  return { url, pid };
}

/** The load generator's process: takes one task at a time. */
export function startLoad() {
  const child = fork(path.join(import.meta.dirname, "load.ts"), { execArgv: ["--import", "tsx"] });
  started.push(child);
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("exit", () => reject(new Error("The load generator has ended")));
  });
  ended.catch(() => {}); // at the end nobody waits any more
  return <R>(task: Task): Promise<R> => {
    const answered = new Promise<R>((resolve) => child.once("message", (answer) => resolve(answer as R)));
    child.send(task);
    return Promise.race([answered, ended]);
  };
}

/** Ends everything that was started here. */
export async function endAll(): Promise<void> {
  await Promise.all(
    started.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }),
  );
}
