import type { Command } from "commander";
import { Viewer } from "../../access/viewer";
import { createApiKey } from "../../api-keys/create";
import { listApiKeys } from "../../api-keys/list";
import { revokeAnyApiKey } from "../../api-keys/revoke";
import { NewApiKey } from "../../api-keys/schema";
import { asOperator, parseOptions, printTable, printTime } from "./run";

export function addCommands(keys: Command): void {
  keys
    .command("create")
    .description("Create an API key and print it. It is shown only once.")
    .requiredOption("--organization <id>", "the organization that it belongs to")
    .requiredOption("--name <name>", "what the key is for, at most 50 characters")
    .option("--expires-in-days <days>", "days until it expires, 1 to 3650", "365")
    .option(
      "--scopes <scopes>",
      "what it may do: read, manage or dial, or several separated by commas",
      "read",
    )
    .action(async (given) => {
      const names = { name: "--name", expiresInDays: "--expires-in-days", scopes: "--scopes" };
      const wanted = parseOptions(NewApiKey, { ...given, expiresInDays: Number(given.expiresInDays) }, names);
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, given.organization);
        const { name, scopes, expiresInDays } = wanted;
        const { key } = await createApiKey(viewer, { name, scopes, expiry: { days: expiresInDays } });
        console.log(key);
      });
    });

  keys
    .command("list")
    .description("List an organization's API keys, newest first, including expired and revoked ones.")
    .requiredOption("--organization <id>", "the organization")
    .action((given) =>
      asOperator(async (operator) => {
        const rows = await listApiKeys(await Viewer.fromOperator(operator, given.organization));
        printTable(
          ["id", "name", "key", "state", "created", "expires", "last used", "scopes"],
          rows.map((key) => [
            ...[key.id, key.name, `${key.start}…${key.lastFour}`, key.state],
            ...[key.createdAt, key.expiresAt, key.lastUsedAt].map(printTime),
            key.scopes.join(","),
          ]),
        );
      }),
    );

  keys
    .command("revoke")
    .description("Revoke an API key, effective from the next request.")
    .requiredOption("--id <id>", "the key's ID, from api-keys list")
    .action((given) => asOperator((operator) => revokeAnyApiKey(operator, given.id)));
}
