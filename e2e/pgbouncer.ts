import { type ChildProcess, spawn } from "node:child_process";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeCertificate } from "./certificate";
import { fileOf, requirePackage } from "./debian-packages";
import { expect, freePort, isListening } from "./process";

/**
 * Starts a PgBouncer with its defaults in front of a PostgreSQL. It listens on a port of loopback, with TLS where
 * that is asked for, and on a socket in `directory`.
 *
 *
 * @param databases as lines of its `[databases]`, without the place of the server.
 * @param server the address of the PostgreSQL, whose role and password PgBouncer takes from its clients.
 */
export async function startPgBouncer(
  directory: string,
  server: URL,
  databases: Record<string, string>,
): Promise<{ port: number; certificate: string; urlOf(database: string): string; stop(): Promise<void> }> {
  requirePackage("pgbouncer");
  const port = await freePort();
  await mkdir(directory, { recursive: true });
  const [key, certificate] = [path.join(directory, "tls.key"), path.join(directory, "tls.pem")];
  makeCertificate(key, certificate);
  const place = (given: string) =>
    /\bport=/.test(given) ? given : `host=127.0.0.1 port=${server.port} ${given}`;
  const lines = [
    "[databases]",
    ...Object.entries(databases).map(([name, given]) => `${name} = ${place(given)}`),
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    `unix_socket_dir = ${directory}`,
    `auth_file = ${path.join(directory, "users.txt")}`,
    "client_tls_sslmode = allow",
    `client_tls_key_file = ${key}`,
    `client_tls_cert_file = ${certificate}`,
  ];
  await writeFile(path.join(directory, "pgbouncer.ini"), lines.join("\n"));
  await writeFile(path.join(directory, "users.txt"), `"${server.username}" "${server.password}"\n`);
  // As root it would refuse to start; another user must then be able to read its files.
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  await chmod(path.dirname(directory), 0o755);
  if (identity.uid !== undefined)
    for (const place of [directory, key]) await chown(place, identity.uid, identity.gid);
  const child: ChildProcess = spawn(fileOf("pgbouncer"), [path.join(directory, "pgbouncer.ini")], {
    ...identity,
    cwd: directory,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await expect.poll(() => isListening(port), { intervals: [20] }).toBe(true);
  return {
    port,
    certificate,
    urlOf: (database) => `postgresql://${server.username}:${server.password}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
