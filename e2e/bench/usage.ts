import { readdirSync, readFileSync } from "node:fs";

/** A tick of /proc's clock, in ms: 100 a second on every Linux of today. */
const tickMs = 10;

const fields = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ").map(Number) ?? [];

/** CPU time of a process by now, in ms, with that of its ended children. Linux only. */
export function cpuMs(pid: number): number {
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields(pid).slice(11, 15);
  return (user + system + childrenUser + childrenSystem) * tickMs;
}

export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

/** CPU time of a process and its living children. */
export function cpuOfAllMs(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => {
    try {
      return sum + cpuMs(one);
    } catch {
      return sum; // it has just ended
    }
  }, 0);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // the process has just ended
  }
}

/** The process that serves, of those that `npm start` (lib/cli/start.mjs) has started. */
export function servingProcess(start: number): number {
  const isServer = (pid: number) => readIfThere(`/proc/${pid}/comm`).startsWith("next-server");
  const pid = childrenOf(start).find(isServer);
  if (pid === undefined) throw new Error(`Process ${start} has started no server`);
  return pid;
}

/** What a process holds in memory now, in MB of a million bytes. */
export interface Memory {
  /** With what it shares with others: the program and its libraries, which are in memory once for all processes. */
  residentMb: number;
  /** Its own alone: what ending it would free. */
  privateMb: number;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const mb = (name: string) => (Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(text)?.[1]) * 1024) / 1e6;
  return { residentMb: mb("Rss"), privateMb: mb("Private_Clean") + mb("Private_Dirty") };
}

/** The most that a process has held since its peak was reset by writing 5 to /proc/<pid>/clear_refs, in MB as above. */
export function peakMemoryMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return (Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1]) * 1024) / 1e6;
}
