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

/** What a process holds in memory now, in MB of a million bytes. */
export function memoryMb(pid: number): number {
  const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return (Number(kib) * 1024) / 1e6;
}
