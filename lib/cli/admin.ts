import { Command } from "commander";
import { EmbeddedInUseError } from "@/db/embedded/start";
import { isDatabaseUnreachable } from "@/db/failure";
import { NewerSchemaError } from "@/db/migrate";
import { EnvironmentError, environmentOf, hasOwnDatabase } from "../environment";
import { printable } from "../format/text";
import { HttpError } from "../http/http-error";
import { messageWithoutData } from "../log";
import { ignoreClosedOutput } from "../server/standard-streams";
import { apiKeyCommands } from "./commands/api-keys";
import { backupCommand, restoreCommand } from "./commands/backup";
import { batchJobCommands } from "./commands/batch-jobs";
import { organizationCommands } from "./commands/organizations";
import { phoneNumberCommands } from "./commands/phone-numbers";
import { userCommands } from "./commands/users";
import { loadEnvironmentFiles } from "./environment-files";
import { explainDatabaseError } from "./explain-database-error";
import { sourceVersion } from "./source-hash";

/**
 * `npm run -s admin -- <noun> <verb>`. Results go to standard output, everything else to standard error; the exit status
 * is 1 when something failed.
 */
const program = new Command("npm run -s admin --")
  .description(
    "Manage organizations, users, API keys, phone numbers, batch jobs and backups. Uses DATABASE_URL, or the embedded database.",
  )
  .helpCommand(false)
  .option("--version", "print the version and the hash of its source")
  .showHelpAfterError("Run with --help for usage.")
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "")) });
for (const commands of [
  organizationCommands(),
  userCommands(),
  apiKeyCommands(),
  phoneNumberCommands(),
  batchJobCommands(),
  backupCommand(),
  restoreCommand(),
]) {
  program.addCommand(commands.helpCommand(false).copyInheritedSettings(program));
  for (const command of commands.commands) command.copyInheritedSettings(program);
}

function explain(error: unknown): string {
  if (error instanceof HttpError) return error.detail;
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

ignoreClosedOutput();
try {
  if (process.argv[2] === "--version") {
    console.log(await sourceVersion());
  } else {
    loadEnvironmentFiles();
    await program.parseAsync();
  }
} catch (error) {
  // The message may quote what was given.
  console.error(explain(error).split("\n").map(printable).join("\n"));
  process.exitCode = 1;
}
