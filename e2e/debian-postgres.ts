import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileOf, requirePackage } from "./debian-packages";
import { expect, freePort, isListening } from "./process";

/** The folder of Debian's PostgreSQL and its tools. */
function programs(): string {
  requirePackage("postgresql");
  const folders = readdirSync(fileOf("postgresql"))
    .map((version) => path.join(fileOf("postgresql"), version, "bin"))
    .filter((folder) => existsSync(path.join(folder, "postgres")));
  return folders.sort().at(-1) ?? "";
}

export interface DebianPostgres {
  /** The address of a new database. @param role its owner, and who connects; `postgres` is the superuser. */
  createDatabase(name: string, role: "postgres" | "plain"): string;
  /** Runs one of PostgreSQL's own tools to its end. */
  run(tool: "psql" | "pg_dump", words: string[]): { status: number | null; stdout: string; stderr: string };
  stop(): Promise<void>;
}

/** Starts Debian's PostgreSQL, which has the tools of its version, unlike the embedded one. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const folder = programs();
  const directory = await mkdtemp(path.join(tmpdir(), "batch-jobs-debian-postgres-"));
  const id = (flag: string) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
  const identity = process.getuid?.() === 0 ? { uid: id("-u"), gid: id("-g") } : {};
  if (identity.uid !== undefined) await chown(directory, identity.uid, identity.gid);
  const data = path.join(directory, "data");
  const initialize = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C", "-N"];
  const made = spawnSync(path.join(folder, "initdb"), initialize, {
    ...identity,
    cwd: "/",
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const port = await freePort();
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"];
  const server: ChildProcess = spawn(
    path.join(folder, "postgres"),
    ["-D", data, "-p", String(port), ...settings],
    { ...identity, cwd: "/", stdio: "ignore" },
  );
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const urlOf = (database: string, role: string) => `postgresql://${role}@127.0.0.1:${port}/${database}`;
  const run = (tool: string, words: string[]) =>
    spawnSync(path.join(folder, tool), words, { encoding: "utf8" });
  const execute = (text: string) =>
    run("psql", ["-v", "ON_ERROR_STOP=1", "-c", text, urlOf("postgres", "postgres")]);
  await expect.poll(() => isListening(port)).toBe(true);
  await expect.poll(() => execute("create role plain login").status).toBe(0);
  return {
    createDatabase: (name, role) => {
      const { status, stderr } = execute(`create database ${name} owner ${role}`);
      if (status !== 0) throw new Error(stderr);
      return urlOf(name, role);
    },
    run,
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}
