import { spawnSync } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Cluster, clusterEnvironment } from "./cluster";

/** How the folders are called in which clusters are made; one that is old was left by a killed process. */
const makingPrefix = "making-postgres-";
const leftOverAfterMs = 60_000;

/**
 * Makes a cluster: beside its place, and then moved there, so that what stands in its place is always whole.
 * @throws Error with what initdb says when it fails.
 */
export async function initialize(cluster: Cluster, directory: string, password: string): Promise<void> {
  await removeLeftOvers(directory);
  const folder = await mkdtemp(path.resolve(directory, makingPrefix));
  const half = path.join(folder, "data");
  const passwordFile = path.join(folder, "password");
  const isElsewhere = cluster.dataAsSeen !== cluster.data;
  try {
    await mkdir(half, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    const { uid, gid } = cluster.identity;
    if (uid !== undefined && gid !== undefined) {
      // The outer folder last: once it is the other user's, what lies in it may be changed under our hands.
      for (const place of [half, passwordFile, folder]) await chown(place, uid, gid);
    }
    const made = spawnSync(
      cluster.binaries.initdb,
      [
        ["--pgdata", isElsewhere ? cluster.dataAsSeen : half],
        ["--username", "postgres", "--auth", "scram-sha-256"],
        ["--pwfile", isElsewhere ? `${cluster.dataAsSeen}/../password` : passwordFile],
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
      { ...cluster.identity, cwd: half, encoding: "utf8", env: clusterEnvironment },
    );
    if (made.status !== 0) {
      throw new Error(
        `The embedded PostgreSQL could not be made: ${made.error?.message ?? made.stderr.trim()}`,
      );
    }
    await rename(half, cluster.data);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeLeftOvers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(makingPrefix)) continue;
    const place = path.resolve(directory, name);
    const { mtimeMs } = await stat(place);
    if (Date.now() - mtimeMs > leftOverAfterMs) await rm(place, { recursive: true, force: true });
  }
}
