import { Command } from "commander";
import { createOrganization } from "../../organizations/create";
import { listOrganizations } from "../../organizations/list";
import { NewOrganization } from "../../organizations/schema";
import { asOperator, parseOptions, printTable, printTime } from "./run";

export function organizationCommands(): Command {
  const organizations = new Command("organizations").description("Whose batch jobs these are.");

  organizations
    .command("create")
    .description("Make an organization; prints its id.")
    .requiredOption("--id <id>", "what clients name it by, such as org_x")
    .requiredOption("--name <name>", "what people call it")
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

  return organizations;
}
