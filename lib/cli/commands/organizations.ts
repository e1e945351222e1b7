import type { Command } from "commander";
import { createOrganization } from "../../organizations/create";
import { listOrganizations } from "../../organizations/list";
import { NewOrganization } from "../../organizations/schema";
import { asOperator, parseOptions, printTable, printTime } from "./run";

export function addCommands(organizations: Command): void {
  organizations
    .command("create")
    .description("Create an organization and print its ID.")
    .requiredOption("--id <id>", "the organization's ID in the API, such as org_x")
    .requiredOption("--name <name>", "the organization's name")
    .action(async (given) => {
      const organization = parseOptions(NewOrganization, given, { id: "--id", name: "--name" });
      await asOperator((operator) => createOrganization(operator, organization));
      console.log(organization.id);
    });

  organizations
    .command("list")
    .description("List all organizations, oldest first.")
    .action(() =>
      asOperator(async (operator) => {
        const rows = await listOrganizations(operator);
        printTable(
          ["id", "name", "created"],
          rows.map(({ id, name, createdAt }) => [id, name, printTime(createdAt)]),
        );
      }),
    );
}
