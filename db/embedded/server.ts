import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomInt } from "node:crypto";
import { open } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { type Cluster, clusterEnvironment } from "./cluster";

/** The application's database, and the unprivileged role that owns it. */
const application = "batch_jobs";

/** Stops the server when our end of the pipe on descriptor 3 closes, then becomes the server. */
const withWatcher = '( while read -r _; do :; done <&3; kill -INT $$ ) 2>/dev/null & exec "$@" 3<&-';

/**
 * Starts the cluster's server in its own session, so that Ctrl-C reaches only us, and with a watcher, so that it stops
 * even after `kill -9` of this process.
 *
 * @param isTemporary for tests: skips waiting for the disk.
 */
export async function spawnServer(
  cluster: Cluster,
  port: number,
  isTemporary: boolean,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    cluster_name: "batch-jobs",
    // Shows our statements in full in pg_stat_activity.
    track_activity_query_size: "16384",
    ...(isTemporary ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await open(cluster.log, "w", 0o600);
  const { uid, gid } = cluster.identity;
  // The data's owner must be able to write the log the next time, too.
  if (uid !== undefined && gid !== undefined) await log.chown(uid, gid);
  const command = [cluster.binaries.postgres, "-D", cluster.serverData, "-p", String(port), ...flags];
  const server = spawn("/bin/sh", ["-c", withWatcher, "sh", ...command], {
    ...cluster.identity,
    cwd: cluster.data,
    detached: true,
    env: clusterEnvironment,
    stdio: ["ignore", log.fd, log.fd, "pipe"],
  });
  await log.close();
  server.once("exit", () => server.stdio[3]?.destroy());
  // Without a listener an error would end this process; waitForConnection reports it instead.
  server.on("error", () => {});
  return server;
}

/**
 * Waits until the server accepts connections, which it does after recovering from a crash.
 * @returns a connection as superuser.
 * @throws when the server exits, or does not accept connections within a minute.
 */
export async function waitForConnection(
  server: ChildProcess,
  port: number,
  password: string,
): Promise<pg.Client> {
  for (const deadline = Date.now() + 60_000; ; await delay(50)) {
    if (hasExited(server)) throw new Error("It exited immediately.");
    try {
      return await connectAsSuperuser(port, password);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "28P01") throw new Error("Its password does not match the one stored with its data.");
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Cancels running statements and stops the server, with its data safe on disk. */
export async function stopServer(server: ChildProcess): Promise<void> {
  if (hasExited(server)) return;
  const exited = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  await exited;
}

function hasExited(server: ChildProcess): boolean {
  return server.pid === undefined || server.exitCode !== null || server.signalCode !== null;
}

/**
 * A port of the loopback interface on which nothing listens. It is below those that operating systems choose for outgoing
 * connections, one of which could otherwise take it before a server listens there.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 25_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** Derived from the superuser's password without revealing it. */
function applicationPassword(superuserPassword: string): string {
  return createHmac("sha256", superuserPassword).update(application).digest("base64url");
}

/**
 * The address of the application's database in a cluster on this port of the loopback interface.
 * @param superuserPassword the cluster's; it is not in the address.
 */
export function urlOf(port: number, superuserPassword: string): string {
  return `postgresql://${application}:${applicationPassword(superuserPassword)}@127.0.0.1:${port}/${application}`;
}

/** @throws when nothing accepts connections there, or the password is not the cluster's. */
export async function connectAsSuperuser(port: number, password: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...{ host: "127.0.0.1", port, user: "postgres", password, database: "postgres" },
    application_name: "batch-jobs owner",
    connectionTimeoutMillis: 2_000,
  });
  // The server may stop before we do; the next query then fails.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/**
 * Creates the application's role and database where they are absent: no request runs as superuser.
 * @param mayCreateDatabases for tests, which create their own.
 */
export async function ensureDatabase(
  client: pg.Client,
  superuserPassword: string,
  mayCreateDatabases: boolean,
): Promise<void> {
  const role = await client.query("select 1 from pg_roles where rolname = $1", [application]);
  const rights = `login nosuperuser nocreaterole ${mayCreateDatabases ? "createdb" : "nocreatedb"}`;
  const password = pg.escapeLiteral(applicationPassword(superuserPassword));
  const verb = role.rowCount ? "alter" : "create";
  await client.query(`${verb} role ${application} ${rights} password ${password}`);
  const database = await client.query("select 1 from pg_database where datname = $1", [application]);
  if (!database.rowCount) await client.query(`create database ${application} owner ${application}`);
}

/** Waits until this is the only connection to the cluster, or is closed. */
export async function waitUntilUnused(client: pg.Client): Promise<void> {
  const others =
    "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
  while ((await client.query(others)).rowCount) await delay(100);
}

/**
 * Tries to take the lock that the process which started the cluster holds until it exits.
 * @returns false when a running process holds it.
 */
export async function tryLockCluster(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select pg_try_advisory_lock(hashtext('batch-jobs owner')) as taken");
  return rows[0].taken;
}
