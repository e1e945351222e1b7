import pg from "pg";
import { parseDatabaseUrl } from "@/db/database-url";

/**
 * Why a database cannot be used, in the server's own words, and the SQL that mends it where there is some.
 *
 * @param error of connecting, or of a statement.
 * @param databaseUrl a valid one.
 */
export function explainDatabaseError(error: unknown, databaseUrl: string): string {
  const { message, code = "" } = error as Error & { code?: string };
  const { user = "", database = user } = parseDatabaseUrl(databaseUrl);
  const [role, name] = [pg.escapeIdentifier(user), pg.escapeIdentifier(database)];
  const asSuperuser = (...sql: string[]) => `${message}. As a superuser: ${sql.join(" ")}`;
  // What PgBouncer says has no SQL that would mend it, and names another database.
  if (code === "08P01") return message;
  if (/client password must be/.test(message)) {
    return "The server asks for a password, and the address has none: postgresql://user:password@host:5432/database";
  }
  if (code === "28P01" || /^role .* does not exist$/.test(message)) {
    return asSuperuser(
      `alter role ${role} login password '…';`,
      `or, where there is no such role: create role ${role} login password '…';`,
    );
  }
  if (/is not permitted to log in/.test(message)) return asSuperuser(`alter role ${role} login;`);
  if (code === "3D000")
    return asSuperuser(`create database ${name} owner ${role} encoding 'UTF8' template template0;`);
  if (code === "3F000") {
    return `${message}: the role's search_path names none that is there. In the database: create schema authorization ${role};`;
  }
  if (code === "42501") return asSuperuser(...grantsFor(message, role, name));
  if (/certificate|^(UNABLE_TO|DEPTH_ZERO|CERT_|ERR_TLS_CERT)/i.test(`${code} ${message}`)) {
    return (
      `The server's certificate is not trusted (${message}). Add sslrootcert=FILE to the address, ` +
      "or sslmode=no-verify to connect without making sure who answers"
    );
  }
  return message;
}

/** @param message of PostgreSQL's insufficient_privilege: what is denied. */
function grantsFor(message: string, role: string, database: string): string[] {
  const [, kind, object = ""] = message.match(/permission denied for (\w+) "?([^"]*)"?/) ?? [];
  const name = pg.escapeIdentifier(object);
  switch (kind) {
    case "schema":
      return [`in the database ${database}, grant usage, create on schema ${name} to ${role};`];
    case "database":
      return [`grant connect, create on database ${database} to ${role};`];
    default:
      return [
        `in the database ${database}, reassign owned by … to ${role}; with the role that owns the tables.`,
      ];
  }
}
