import { parseDatabaseUrl } from "@/db/database-url";
import { EmbeddedInUseError } from "@/db/embedded/start";
import { isDatabaseUnreachable } from "@/db/failure";
import { NewerSchemaError } from "@/db/migrate";
import { EnvironmentError, environmentOf, hasOwnDatabase } from "../environment";
import { printable } from "../format/text";
import { HttpError } from "../http/http-error";
import { messageWithoutData } from "../log";
import { explainDatabaseError } from "./explain-database-error";

/** @returns what to print for an error that a command throws. Stored data and input in it are made printable. */
export function explainError(error: unknown): string {
  return explain(error).split("\n").map(printable).join("\n");
}

function explain(error: unknown): string {
  if (error instanceof HttpError) {
    return error.code === "organization_not_found" ? `${error.detail}\n${whichDatabase()}` : error.detail;
  }
  if (error instanceof EnvironmentError || error instanceof EmbeddedInUseError) return error.message;
  if (error instanceof NewerSchemaError) return `${error.message} Upgrade Batch Jobs first.`;
  const { message, code } = error as Error & { code?: string };
  if (isDatabaseUnreachable(error))
    return `The database is not responding (${code ?? message}). Is it running?`;
  if (hasOwnDatabase()) {
    return explainDatabaseError(error, environmentOf("DATABASE_URL").DATABASE_URL);
  }
  return messageWithoutData(error as Error);
}

function whichDatabase(): string {
  if (!hasOwnDatabase()) {
    return `This is the embedded database in ${environmentOf("DATA_DIR").DATA_DIR}. For another one, set DATABASE_URL.`;
  }
  const {
    host,
    port,
    user = "",
    database = user,
  } = parseDatabaseUrl(environmentOf("DATABASE_URL").DATABASE_URL);
  const server = port === undefined ? host : `${host}:${port}`;
  return `This is the database at ${server}/${database}, which DATABASE_URL names.`;
}
