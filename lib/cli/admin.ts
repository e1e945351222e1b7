import { createRequire } from "node:module";
import { Command } from "commander";
import { ignoreClosedOutput } from "../server/standard-streams";
import { loadEnvironmentFiles } from "./environment-files";

const require = createRequire(import.meta.url);

// Loading all modules takes longer than most commands, so a command's are loaded when it is called.

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

/** @param load returns the module that adds the commands of a noun. */
function addNoun(
  noun: string,
  description: string,
  load: () => { addCommands(parent: Command): void },
): void {
  const parent = program.command(noun).description(description).helpCommand(false);
  program.hook("preSubcommand", (_program, called) => {
    if (called === parent) load().addCommands(parent);
  });
}

addNoun(
  "organizations",
  "Manage organizations.",
  () => require("./commands/organizations") as typeof import("./commands/organizations"),
);
addNoun("users", "Manage users.", () => require("./commands/users") as typeof import("./commands/users"));
addNoun(
  "api-keys",
  "Manage API keys.",
  () => require("./commands/api-keys") as typeof import("./commands/api-keys"),
);
addNoun(
  "phone-numbers",
  "Manage the phone numbers that batch jobs call from.",
  () => require("./commands/phone-numbers") as typeof import("./commands/phone-numbers"),
);
addNoun(
  "batch-jobs",
  "Manage batch jobs.",
  () => require("./commands/batch-jobs") as typeof import("./commands/batch-jobs"),
);

const loadBackup = () => require("./commands/backup") as typeof import("./commands/backup");

program
  .command("backup")
  .description("Back up all data to a file. The server can keep running.")
  .argument("<file>", "the file to create or replace, readable by its owner only; - for standard output")
  .addHelpText(
    "after",
    "\nA backup contains hashes of API keys and passwords, but no sessions: users sign in again after a restore.",
  )
  .action((file) => loadBackup().backUp(file));

program
  .command("restore")
  .description("Restore a backup into an empty database, all or nothing.")
  .argument("<file>", "the backup file; - for standard input")
  .option("--replace", "delete all data in the database first")
  .action((file, { replace = false }) => loadBackup().restore(file, replace));

async function run(): Promise<void> {
  if (process.argv[2] === "--version") {
    console.log(await (require("./source-hash") as typeof import("./source-hash")).sourceVersion());
  } else {
    loadEnvironmentFiles();
    await program.parseAsync();
  }
}

ignoreClosedOutput();
run().catch((error) => {
  const { explainError } = require("./explain-error") as typeof import("./explain-error");
  console.error(explainError(error));
  process.exitCode = 1;
});
