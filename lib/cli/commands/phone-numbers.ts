import type { Command } from "commander";
import { Viewer } from "../../access/viewer";
import { setCallLimit } from "../../phone-numbers/call-limit";
import { createPhoneNumber } from "../../phone-numbers/create";
import { listPhoneNumbers } from "../../phone-numbers/list";
import { removePhoneNumber } from "../../phone-numbers/remove";
import { CallLimit, NewPhoneNumber } from "../../phone-numbers/schema";
import { asOperator, parseOptions, printTable, printTime } from "./run";

export function addCommands(numbers: Command): void {
  numbers
    .command("create")
    .description("Add a phone number.")
    .requiredOption("--organization <id>", "the organization that it belongs to")
    .requiredOption("--id <id>", "its ID in the API (fromPhoneNumberId), such as phone_x")
    .requiredOption("--number <number>", "the number in E.164, such as +12025550100")
    .option("--agent <id>", "the agent that makes its calls; without one, batch jobs can't call from it")
    .option("--label <text>", "a label to recognize it by")
    .action(async ({ organization, ...given }) => {
      const options = { id: "--id", phoneNumber: "--number", agentId: "--agent", label: "--label" };
      const fields = { ...given, phoneNumber: given.number, agentId: given.agent };
      const number = parseOptions(NewPhoneNumber, fields, options);
      await asOperator(async (operator) => {
        await createPhoneNumber(await Viewer.fromOperator(operator, organization), number);
      });
      console.log(number.id);
    });

  numbers
    .command("list")
    .description("List an organization's phone numbers, oldest first.")
    .requiredOption("--organization <id>", "the organization")
    .action((given) =>
      asOperator(async (operator) => {
        const rows = await listPhoneNumbers(await Viewer.fromOperator(operator, given.organization));
        printTable(
          ["id", "number", "agent", "label", "created"],
          rows.map((row) => [row.id, row.phoneNumber, row.agentId, row.label, printTime(row.createdAt)]),
        );
      }),
    );

  numbers
    .command("remove")
    .description("Remove a phone number. Jobs that use it go on, without the number to call from.")
    .requiredOption("--organization <id>", "the organization")
    .requiredOption("--id <id>", "its ID")
    .action((given) =>
      asOperator(async (operator) =>
        removePhoneNumber(await Viewer.fromOperator(operator, given.organization), given.id),
      ),
    );

  numbers
    .command("set-limit")
    .description("Set how many calls an organization can have at once.")
    .requiredOption("--organization <id>", "the organization")
    .requiredOption("--limit <number>", "1 to 1000")
    .action(async (given) => {
      const { limit } = parseOptions(CallLimit, given, { limit: "--limit" });
      await asOperator(async (operator) =>
        setCallLimit(await Viewer.fromOperator(operator, given.organization), limit),
      );
    });
}
