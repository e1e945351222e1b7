import { type ChildProcess, spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { type Cluster, clusterEnvironment } from "./cluster";
import { connectAsSuperuser } from "./connection";

/** Ends the server when our end of the pipe on descriptor 3 closes, then becomes the server. */
const withWatcher = '( while read -r _; do :; done <&3; kill -INT $$ ) 2>/dev/null & exec "$@" 3<&-';

/**
 * Starts the cluster's server in a session of its own, so that Ctrl-C in the terminal reaches us and not
 * it, and with a watcher, so that even `kill -9` of this process leaves no orphan.
 *
 * @param throwAway for tests: do not wait for the disk.
 */
export async function spawnServer(cluster: Cluster, port: number, throwAway: boolean): Promise<ChildProcess> {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    cluster_name: "batch-jobs",
    // Enough for our statements whole, where an operator looks what runs.
    track_activity_query_size: "8192",
    ...(throwAway ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await open(cluster.log, "w", 0o600);
  const { uid, gid } = cluster.identity;
  // Whoever owns the data shall be able to start next time, though it was root this time.
  if (uid !== undefined && gid !== undefined) await log.chown(uid, gid);
  const command = [cluster.binaries.postgres, "-D", cluster.dataAsSeen, "-p", String(port), ...flags];
  const server = spawn("/bin/sh", ["-c", withWatcher, "sh", ...command], {
    ...cluster.identity,
    cwd: cluster.data,
    detached: true,
    env: clusterEnvironment,
    stdio: ["ignore", log.fd, log.fd, "pipe"],
  });
  await log.close();
  server.once("exit", () => server.stdio[3]?.destroy());
  // Without a listener an error here would end the process; untilAccepting reports it instead.
  server.on("error", () => {});
  return server;
}

/**
 * Waits until the server accepts connections: at once, or after it has recovered from a crash.
 * @returns a connection as superuser.
 * @throws when the server ends, or does not accept within a minute.
 */
export async function untilAccepting(server: ChildProcess, port: number, password: string): Promise<Client> {
  for (const deadline = Date.now() + 60_000; ; await delay(50)) {
    if (hasEnded(server)) throw new Error("It ended at once.");
    try {
      return await connectAsSuperuser(port, password);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "28P01") throw new Error("Its password is not the one kept beside its data.");
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Cuts off running statements, waits until the data are safe on disk, and ends the server. */
export async function stopServer(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  await ended;
}

function hasEnded(server: ChildProcess): boolean {
  return server.pid === undefined || server.exitCode !== null || server.signalCode !== null;
}

/** A port of the loopback interface that nobody listens on now. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
