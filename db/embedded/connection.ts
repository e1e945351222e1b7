import { createHmac } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

/** The program's database in the cluster, and the role that owns it and nothing more. */
const program = "batch_jobs";
const superuser = "postgres";

/** The password of the program's role. It is made from the superuser's and does not reveal it. */
function programPassword(superuserPassword: string): string {
  return createHmac("sha256", superuserPassword).update(program).digest("base64url");
}

/**
 * Address of the program's database in a cluster on this port of the loopback interface.
 * @param superuserPassword the cluster's; it is not in the address.
 */
export function urlOf(port: number, superuserPassword: string): string {
  return `postgresql://${program}:${programPassword(superuserPassword)}@127.0.0.1:${port}/${program}`;
}

/**
 * A connection as the cluster's superuser.
 * @throws when nothing accepts connections there, or the password is not the cluster's.
 */
export async function connectAsSuperuser(port: number, password: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...{ host: "127.0.0.1", port, user: superuser, password, database: "postgres" },
    application_name: "batch-jobs owner",
    connectionTimeoutMillis: 2_000,
  });
  // The server may end before we do; whoever asks next gets the error.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/**
 * Makes the program's role and database where they are absent: no superuser serves requests. A role that an older
 * version made gets the password and the rights of today.
 *
 * @param mayCreateDatabases for tests, which make empty ones beside it.
 */
export async function ensureDatabase(
  client: pg.Client,
  superuserPassword: string,
  mayCreateDatabases: boolean,
): Promise<void> {
  const role = await client.query("select 1 from pg_roles where rolname = $1", [program]);
  const rights = `login nosuperuser nocreaterole ${mayCreateDatabases ? "createdb" : "nocreatedb"}`;
  const password = pg.escapeLiteral(programPassword(superuserPassword));
  await client.query(`${role.rowCount ? "alter" : "create"} role ${program} ${rights} password ${password}`);
  const database = await client.query("select 1 from pg_database where datname = $1", [program]);
  if (!database.rowCount) await client.query(`create database ${program} owner ${program}`);
}

/** Waits until this connection is the only one to the cluster, or is itself cut off. */
export async function untilUnused(client: pg.Client): Promise<void> {
  const others =
    "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
  while ((await client.query(others)).rowCount) await delay(100);
}

/**
 * Takes the lock that the process which started the cluster holds for as long as it lives.
 * @returns false when a living process holds it.
 */
export async function takeOwnership(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select pg_try_advisory_lock(hashtext('batch-jobs owner')) as taken");
  return rows[0].taken;
}
