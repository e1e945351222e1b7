import { readFile, readlink, realpath, rm } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openCluster } from "./cluster";
import {
  connectAsSuperuser,
  ensureDatabase,
  findFreePort,
  spawnServer,
  stopServer,
  tryLockCluster,
  urlOf,
  waitForConnection,
  waitUntilUnused,
} from "./server";

/** The PostgreSQL server from an npm package, with its data in a folder of ours. */
export interface EmbeddedPostgres {
  databaseUrl: string;
  /** Resolves when the server has exited, for whatever reason. */
  exited: Promise<unknown>;
  waitUntilUnused(): Promise<void>;
  /** Cancels running statements and stops the server, with its data safe on disk. */
  stop(): Promise<void>;
}

interface EmbeddedOptions {
  /** For the cluster and its log; created if absent. */
  directory: string;
  /** The cluster's. It listens on loopback only, where other users' programs run, too. */
  password: string;
  /** On loopback; a free one by default. */
  port?: number;
  /** For tests: the cluster need not survive a power failure, and its role may create databases. */
  isTemporary?: boolean;
}

/** Another process of this program runs the cluster. */
export class EmbeddedInUseError extends Error {
  constructor(directory: string) {
    super(
      `The embedded PostgreSQL in ${directory} is already in use by another process. Stop that process, or set DATA_DIR to another folder.`,
    );
  }
}

/**
 * Starts the cluster in `directory`, creating it first if there is none, and recovers from a killed process.
 *
 * @throws EmbeddedInUseError when another process of this program runs it.
 * @throws Error with the end of PostgreSQL's log when it fails to start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { directory, password, isTemporary = false } = options;
  await stopOrphan(directory, password);
  const cluster = await openCluster(directory, password);
  const port = options.port ?? (await findFreePort());
  const server = await spawnServer(cluster, port, isTemporary);
  try {
    const superuser = await waitForConnection(server, port, password);
    // Another process that looks for an orphan may hold the lock briefly.
    for (let tries = 1; !(await tryLockCluster(superuser)); tries++) {
      if (tries === 50) throw new EmbeddedInUseError(directory);
      await delay(100);
    }
    await ensureDatabase(superuser, password, isTemporary);
    return {
      databaseUrl: urlOf(port, password),
      exited: new Promise((resolve) => server.once("exit", resolve)),
      waitUntilUnused: () => waitUntilUnused(superuser),
      stop: () => stopServer(server),
    };
  } catch (error) {
    await stopServer(server);
    const log = await readFile(cluster.log, "utf8").catch(() => "");
    const end = log.trim().split("\n").slice(-5).join("\n");
    throw new Error(
      `The embedded PostgreSQL failed to start. ${(error as Error).message}\n${end}\n(${cluster.log})`,
    );
  }
}

/** The address of the cluster that runs in `directory`, or undefined. Starts nothing. */
export async function findRunningEmbedded(directory: string, password: string): Promise<string | undefined> {
  const running = await findServer(path.resolve(directory, "postgres"));
  if (!running) return undefined;
  const client = await connectAsSuperuser(running.port, password).catch(() => undefined);
  await client?.end();
  return client && urlOf(running.port, password);
}

/**
 * Waits for a cluster that is still stopping, and stops one whose owner was killed.
 * @throws EmbeddedInUseError when its owner is running.
 */
async function stopOrphan(directory: string, password: string): Promise<void> {
  const data = path.resolve(directory, "postgres");
  // An owner that has just started its server takes the lock a moment later: look twice.
  let timesFree = 0;
  for (
    const deadline = Date.now() + 15_000;
    Date.now() < deadline;
    await delay(timesFree > 0 ? 1_000 : 100)
  ) {
    const running = await findServer(data);
    if (!running) return;
    const client = await connectAsSuperuser(running.port, password).catch(() => undefined);
    const isFree = client && (await tryLockCluster(client).catch(() => undefined));
    await client?.end();
    if (isFree === false) throw new EmbeddedInUseError(directory);
    if (isFree && ++timesFree === 2) process.kill(running.pid, "SIGINT");
  }
}

/**
 * The running server that postmaster.pid names (process ID on line 1, port on line 4). A stale file is removed, because
 * PostgreSQL would take any process of that ID for a running server and refuse to start.
 */
async function findServer(data: string): Promise<{ pid: number; port: number } | undefined> {
  const file = path.join(data, "postmaster.pid");
  const read = () => readFile(file, "utf8").catch(() => undefined);
  let text = await read();
  // PostgreSQL fills the file right after creating it. One that stays empty was left by a power failure.
  if (text?.trim() === "") {
    await delay(1_000);
    text = await read();
    if (text?.trim() === "") await rm(file, { force: true });
  }
  const lines = (text ?? "").split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0) || !isRunning(pid)) return undefined;
  if ((await isServerOf(data, pid)) || (await isListening(port))) return { pid, port };
  await rm(file, { force: true });
  return undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Whether a process works in the data directory, as its server does; outside Linux assumed. */
async function isServerOf(data: string, pid: number): Promise<boolean> {
  if (process.platform !== "linux") return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === (await realpath(data));
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, "127.0.0.1", () => resolve(true));
    probe.once("error", () => resolve(false));
    probe.once("connect", () => probe.destroy());
  });
}
