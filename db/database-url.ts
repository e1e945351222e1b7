import { existsSync, readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { parse } from "pg-connection-string";

/** A database address cannot be used. The message completes a sentence that begins with `DATABASE_URL`. */
export class DatabaseUrlError extends Error {}

interface DatabaseAddress {
  /** A name, an IP address, or the directory of a Unix socket. */
  host: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  options?: string;
  application_name?: string;
  ssl?: ConnectionOptions | boolean;
  sslnegotiation?: "direct" | "postgres";
}

const example = "postgresql://user:password@host:5432/database";

/** Where psql looks for a server without a host: Debian's directory, then PostgreSQL's own. */
const socketDirectories = ["/var/run/postgresql", "/tmp"];

/**
 * Parses an address as psql does (PostgreSQL's manual, "Connection URIs"), with two differences: `sslmode=require`
 * verifies the certificate like `verify-full`, and `no-verify` is psql's `require`.
 *
 * @throws DatabaseUrlError that does not contain the password.
 */
export function parseDatabaseUrl(address: string): DatabaseAddress {
  const parts = address.match(/^postgres(?:ql)?:\/\/([^/?#]*)([^?]*)\??(.*)$/s);
  if (!parts) throw new DatabaseUrlError(`must look like ${example}`);
  const [, authority = "", path = "", query = ""] = parts;
  if (isNotEncoded(authority, path, query)) throw notEncoded(authority);
  const parameters = new URLSearchParams(query);
  const host = parameters.get("host") ?? placeOf(authority);
  if (host.includes(",")) {
    throw new DatabaseUrlError(
      `has several hosts (${host}), which is not supported. Use one, such as a pooler in front of the primary`,
    );
  }
  const [mode, rootCertificate] = ["sslmode", "sslrootcert"].map((name) => parameters.get(name) ?? undefined);
  // pg would treat several modes as verify-full, with a long warning.
  parameters.delete("sslmode");
  parameters.delete("sslrootcert");
  const found = parseRest(`postgresql://${authority}${path}?${parameters}`, authority);
  const where = found.host || defaultSocketDirectory();
  const security = where.startsWith("/") ? false : securityOf(mode, rootCertificate);
  return {
    host: where,
    ...(found.port ? { port: Number(found.port) } : {}),
    ...(found.user ? { user: found.user } : {}),
    ...(found.password ? { password: found.password } : {}),
    ...(found.database ? { database: found.database } : {}),
    ...(found.options ? { options: found.options } : {}),
    ...(found.application_name ? { application_name: found.application_name } : {}),
    ...(found.sslnegotiation ? { sslnegotiation: found.sslnegotiation } : {}),
    ...sslOf(security, found.ssl),
  };
}

/** Whether a special character in the user name or password may have split the address in the wrong place. */
function isNotEncoded(authority: string, path: string, query: string): boolean {
  const isSecondAt = authority.indexOf("@") !== authority.lastIndexOf("@");
  const isAtInQuery = query.split("&").some((one) => /^[^=]*@/.test(one));
  return isSecondAt || path.includes("#") || query.includes("#") || path.includes("@") || isAtInQuery;
}

/** @param authority of which only the host is shown, and a port that cannot be part of the password. */
function notEncoded(authority: string): DatabaseUrlError {
  const hasUser = authority.includes("@");
  const [, host = "", port] = placeOf(authority).match(/^(\[.*\]|[^:]*)(?::(.*))?$/) ?? [];
  const parsed = `host "${host}"${hasUser && port !== undefined ? ` and port "${port}"` : ""}`;
  return new DatabaseUrlError(
    `is parsed as ${parsed}. Percent-encode special characters in the password and other parts: ` +
      "/ is %2F, # is %23, ? is %3F, @ is %40, : is %3A, % is %25",
  );
}

const placeOf = (authority: string) => authority.slice(authority.lastIndexOf("@") + 1);

function parseRest(address: string, authority: string): ReturnType<typeof parse> {
  try {
    const found = parse(address);
    const port = found.port ? Number(found.port) : undefined;
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
      throw notEncoded(authority);
    return found;
  } catch (error) {
    const { code, path } = error as { code?: string; path?: string };
    if (path !== undefined)
      throw new DatabaseUrlError(`refers to the file ${path}, which cannot be read (${code})`);
    throw notEncoded(authority);
  }
}

function defaultSocketDirectory(): string {
  const [first = "", ...others] = socketDirectories;
  return [first, ...others].find((directory) => existsSync(directory)) ?? first;
}

function securityOf(
  mode: string | undefined,
  file: string | undefined,
): ConnectionOptions | false | undefined {
  const isSystem = file === "system";
  const trusted = file === undefined || isSystem ? {} : { ca: readCertificate(file) };
  switch (mode ?? (file === undefined ? undefined : "verify-full")) {
    case undefined:
      return undefined;
    case "disable":
      return false;
    case "require":
    case "verify-full":
      return trusted;
    case "verify-ca":
      if (!("ca" in trusted))
        throw new DatabaseUrlError("has sslmode=verify-ca, which also requires sslrootcert=FILE");
      return { ...trusted, checkServerIdentity: () => undefined };
    case "no-verify":
      if (file !== undefined) {
        throw new DatabaseUrlError("has both sslmode=no-verify and sslrootcert. Remove one of them");
      }
      return { rejectUnauthorized: false };
    default:
      throw new DatabaseUrlError(
        `has sslmode=${mode}, which is not supported. Use disable, no-verify, verify-ca, require or verify-full`,
      );
  }
}

function readCertificate(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new DatabaseUrlError(
      `has sslrootcert=${file}, which cannot be read (${(error as { code?: string }).code})`,
    );
  }
}

/** Combines `sslmode` with the client's certificate that pg has read (`sslcert`, `sslkey`). */
function sslOf(
  security: ConnectionOptions | false | undefined,
  found: ReturnType<typeof parse>["ssl"],
): Pick<DatabaseAddress, "ssl"> {
  if (security === false) return { ssl: false };
  const own = typeof found === "object" ? Object.fromEntries(Object.entries(found)) : undefined;
  if (security || own) return { ssl: { ...own, ...security } };
  return found === undefined ? {} : { ssl: found === true || found === "true" };
}
