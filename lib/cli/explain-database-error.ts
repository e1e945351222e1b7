import pg from "pg";
import { parseDatabaseUrl } from "@/db/database-url";
import { messageWithoutData } from "../log";

/**
 * Explains why a database cannot be used: the server's message, without stored data, and, if there is one, the SQL that
 * fixes it.
 *
 * @param databaseUrl a valid address.
 */
export function explainDatabaseError(error: unknown, databaseUrl: string): string {
  const { code = "" } = error as { code?: string };
  const message = messageWithoutData(error as Error);
  const { user = "", database = user } = parseDatabaseUrl(databaseUrl);
  const [role, name] = [pg.escapeIdentifier(user), pg.escapeIdentifier(database)];
  const asSuperuser = (sql: string, where = "") => `${message}. As a superuser, run${where}: ${sql}`;
  // An error of PgBouncer's, which no SQL fixes.
  if (code === "08P01") return message;
  if (/client password must be/.test(message)) {
    return "The server requires a password, but the address has none. Use postgresql://user:password@host:5432/database";
  }
  if (code === "28P01" || /^role .* does not exist$/.test(message)) {
    return asSuperuser(
      `alter role ${role} login password '…'; or, if the role does not exist: create role ${role} login password '…';`,
    );
  }
  if (/is not permitted to log in/.test(message)) return asSuperuser(`alter role ${role} login;`);
  if (code === "3D000")
    return asSuperuser(`create database ${name} owner ${role} encoding 'UTF8' template template0;`);
  if (code === "42501") {
    const [, kind, object = ""] = message.match(/permission denied for (\w+) "?([^"]*)"?/) ?? [];
    if (kind === "database") return asSuperuser(`grant connect, create on database ${name} to ${role};`);
    const sql =
      kind === "schema"
        ? `grant usage, create on schema ${pg.escapeIdentifier(object)} to ${role};`
        : `reassign owned by … to ${role}; (… is the role that owns the tables)`;
    return asSuperuser(sql, ` in the database ${name}`);
  }
  if (/certificate|^(UNABLE_TO|DEPTH_ZERO|CERT_|ERR_TLS_CERT)/i.test(`${code} ${message}`)) {
    return (
      `The server's certificate is not trusted (${message}). Add sslrootcert=FILE to the address, ` +
      "or sslmode=no-verify to connect without verifying the server"
    );
  }
  return message;
}
