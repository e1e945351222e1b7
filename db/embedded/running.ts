import { readFile, readlink, realpath, rm } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connectAsSuperuser, takeOwnership, urlOf } from "./connection";

/** A living process of ours runs this very cluster. */
export class EmbeddedInUseError extends Error {
  constructor(directory: string) {
    super(
      `The embedded PostgreSQL in ${directory} is in use by another process of this program. Stop that one, or set DATA_DIR to another folder.`,
    );
  }
}

/** The address of the cluster that runs in `directory` now, or undefined. Starts nothing. */
export async function findRunningEmbedded(directory: string, password: string): Promise<string | undefined> {
  const running = await readPidFile(path.resolve(directory, "postgres"));
  if (!running) return undefined;
  const client = await connectAsSuperuser(running.port, password).catch(() => undefined);
  await client?.end();
  return client && urlOf(running.port, password);
}

/**
 * Makes room for a start: waits for a cluster that is still stopping, and ends one whose owner is dead.
 * @throws EmbeddedInUseError when its owner lives.
 */
export async function endOrphan(directory: string, password: string): Promise<void> {
  const data = path.resolve(directory, "postgres");
  // An owner that has just started its server takes the lock a moment later: ask twice.
  let timesFree = 0;
  for (
    const deadline = Date.now() + 15_000;
    Date.now() < deadline;
    await delay(timesFree > 0 ? 1_000 : 100)
  ) {
    const running = await readPidFile(data);
    if (!running) return;
    const client = await connectAsSuperuser(running.port, password).catch(() => undefined);
    const isFree = client && (await takeOwnership(client).catch(() => undefined));
    await client?.end();
    if (isFree === false) throw new EmbeddedInUseError(directory);
    if (isFree && ++timesFree === 2) process.kill(running.pid, "SIGINT");
  }
}

/** What PostgreSQL's own postmaster.pid says (pid on line 1, port on line 4), when that server lives. */
async function readPidFile(data: string): Promise<{ pid: number; port: number } | undefined> {
  const file = path.join(data, "postmaster.pid");
  const read = () => readFile(file, "utf8").catch(() => undefined);
  let text = await read();
  // PostgreSQL fills the file right after it makes it. One that stays empty was left by a power cut, and
  // PostgreSQL refuses to start beside it.
  if (text?.trim() === "") {
    await delay(1_000);
    text = await read();
    if (text?.trim() === "") await rm(file, { force: true });
  }
  const lines = (text ?? "").split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0) || !isAlive(pid)) return undefined;
  if ((await isServerOf(data, pid)) || (await isListening(port))) return { pid, port };
  // After a restart of the machine or container the number may be somebody else's, and PostgreSQL
  // would take that process for a running server and refuse to start.
  await rm(file, { force: true });
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Whether a process works in the cluster's folder, as its server does. Assumed where that cannot be seen. */
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
