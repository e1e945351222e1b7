import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { openCluster } from "./cluster";
import { ensureDatabase, takeOwnership, untilUnused, urlOf } from "./connection";
import { initialize } from "./initialize";
import { EmbeddedInUseError, endOrphan } from "./running";
import { findFreePort, spawnServer, stopServer, untilAccepting } from "./server";

/** A PostgreSQL of our own: the real server, out of an npm package, with its data in a folder of ours. */
export interface EmbeddedPostgres {
  databaseUrl: string;
  /** Settles when the server has ended, asked to or not. */
  ended: Promise<unknown>;
  /** Waits until nobody but us is connected. */
  untilUnused(): Promise<void>;
  /** Cuts off what runs and ends the server, its data safe on disk. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Where the cluster and its log lie; made when absent. */
  directory: string;
  /** Of the cluster. It listens on loopback only, but so do other people's programs. */
  password: string;
  /** On loopback; a free one unless given. */
  port?: number;
  /** For tests: a cluster that need not survive a power cut, whose role may create databases. */
  throwAway?: boolean;
}

/**
 * Starts the cluster in `directory`, making it first when there is none, and recovers what a killed
 * process left behind.
 *
 * @throws EmbeddedInUseError when a living process of ours runs it already.
 * @throws Error with the end of PostgreSQL's own log when it does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { directory, password, throwAway = false } = options;
  await endOrphan(directory, password);
  const cluster = await openCluster(directory);
  if (!cluster.isMade) await initialize(cluster, directory, password);
  const port = options.port ?? (await findFreePort());
  const server = await spawnServer(cluster, port, throwAway);
  try {
    const owner = await untilAccepting(server, port, password);
    // Somebody who looks whether we live may hold the lock for a moment.
    for (let tries = 1; !(await takeOwnership(owner)); tries++) {
      if (tries === 50) throw new EmbeddedInUseError(directory);
      await delay(100);
    }
    await ensureDatabase(owner, password, throwAway);
    return {
      databaseUrl: urlOf(port, password),
      ended: new Promise((resolve) => server.once("exit", resolve)),
      untilUnused: () => untilUnused(owner),
      stop: () => stopServer(server),
    };
  } catch (error) {
    await stopServer(server);
    const log = await readFile(cluster.log, "utf8").catch(() => "");
    const end = log.trim().split("\n").slice(-5).join("\n");
    throw new Error(
      `The embedded PostgreSQL did not start. ${(error as Error).message}\n${end}\n(${cluster.log})`,
    );
  }
}
