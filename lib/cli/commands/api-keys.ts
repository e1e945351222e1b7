import { Command } from "commander";
import { Viewer } from "../../access/viewer";
import { createApiKey } from "../../api-keys/create";
import { listApiKeys } from "../../api-keys/list";
import { revokeApiKey } from "../../api-keys/revoke";
import { NewApiKey } from "../../api-keys/schema";
import { asOperator, parseOptions, printTable, printTime } from "./run";

export function apiKeyCommands(): Command {
  const keys = new Command("api-keys").description("What programs ask with.");

  keys
    .command("create")
    .description("Make an API key; prints the key, which is shown this once and stored nowhere.")
    .requiredOption("--organization <id>", "whose batch jobs it reads")
    .requiredOption("--name <name>", "what it is for, 50 characters at most")
    .option("--expires-in-days <days>", "how long it is good for, 1 to 3650", "365")
    .action(async (given) => {
      const names = { name: "--name", expiresInDays: "--expires-in-days" };
      const wanted = parseOptions(NewApiKey, { ...given, expiresInDays: Number(given.expiresInDays) }, names);
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, given.organization);
        const expiry = { days: wanted.expiresInDays };
        const { key } = await createApiKey(viewer, { name: wanted.name, expiry });
        console.log(key);
      });
    });

  keys
    .command("list")
    .description("List an organization's keys, newest first, ended ones too.")
    .requiredOption("--organization <id>", "whose keys")
    .action((given) =>
      asOperator(async (operator) => {
        const rows = await listApiKeys(await Viewer.fromOperator(operator, given.organization));
        printTable(
          ["id", "name", "key", "state", "created", "expires", "last used"],
          rows.map((key) => [
            ...[key.id, key.name, `${key.start}…${key.lastFour}`, key.state],
            ...[key.createdAt, key.expiresAt, key.lastUsedAt].map(printTime),
          ]),
        );
      }),
    );

  keys
    .command("revoke")
    .description("End a key for good, from the next request on.")
    .requiredOption("--id <id>", "the key's id, from api-keys list")
    .action((given) => asOperator((operator) => revokeApiKey(operator, given.id)));

  return keys;
}
