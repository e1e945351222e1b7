import { spawnSync } from "node:child_process";
import { chown, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Cluster } from "./cluster";

/** PostgreSQL's own environment: nothing of ours that would change its messages or its clock. */
export const clusterEnvironment: Record<string, string> = {
  PATH: process.env.PATH ?? "",
  TZ: "UTC",
  LC_ALL: "C",
};

/**
 * Makes a cluster: beside its place, and then moved there, so that what stands in its place is always whole.
 * @throws Error with what initdb says when it fails.
 */
export async function initialize(cluster: Cluster, directory: string, password: string): Promise<void> {
  const half = await mkdtemp(path.resolve(directory, "making-postgres-"));
  const folder = await mkdtemp(path.join(tmpdir(), "batch-jobs-"));
  const passwordFile = path.join(folder, "password");
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    const { uid, gid } = cluster.identity;
    if (uid !== undefined && gid !== undefined) {
      // The folder last: once it is the other user's, what lies in it may be changed under our hands.
      await chown(passwordFile, uid, gid);
      await chown(folder, uid, gid);
      await chown(half, uid, gid);
    }
    const made = spawnSync(
      cluster.binaries.initdb,
      [
        ["--pgdata", cluster.dataAsSeen === cluster.data ? half : cluster.dataAsSeen],
        ["--username", "postgres", "--auth", "scram-sha-256", "--pwfile", passwordFile],
        // The same order and case rules on every machine, whatever its locale.
        [
          "--encoding",
          "UTF8",
          "--locale-provider",
          "builtin",
          "--builtin-locale",
          "C.UTF-8",
          "--locale",
          "C",
        ],
        ["--no-instructions"],
      ].flat(),
      { ...cluster.identity, cwd: half, encoding: "utf8", env: clusterEnvironment as NodeJS.ProcessEnv },
    );
    if (made.status !== 0) {
      throw new Error(
        `The embedded PostgreSQL could not be made: ${made.error?.message ?? made.stderr.trim()}`,
      );
    }
    await rename(half, cluster.data);
  } finally {
    await rm(half, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}
