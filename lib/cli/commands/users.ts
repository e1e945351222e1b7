import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { roles } from "../../access/permissions";
import { Viewer } from "../../access/viewer";
import { HttpError } from "../../http/http-error";
import { addMember } from "../../members/add";
import { createUser } from "../../users/create";
import { NewUser } from "../../users/schema";
import { setPassword } from "../../users/set-password";
import { asOperator, parseOptions } from "./run";

const optionNames = { email: "--email", name: "--name", role: "--role", password: "The password" };

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) console.error("Enter the password, then press Enter and Ctrl-D:");
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new HttpError(400, "missing_password", "No password on standard input");
  return password;
}

const roleOption = () =>
  new Option("--role <role>", "their role in the organization").choices(roles).makeOptionMandatory();
const passwordOption = [
  "--password-stdin",
  "read the password from standard input, not the command line",
] as const;

export function addCommands(users: Command): void {
  users
    .command("create")
    .description("Create a user, add them to an organization, and print their ID.")
    .requiredOption("--email <address>", "their email address")
    .requiredOption("--organization <id>", "the organization to add them to")
    .addOption(roleOption())
    .option("--name <name>", "their name")
    .requiredOption(...passwordOption)
    .addHelpText(
      "after",
      "\nExample:\n  npm run -s admin -- users create --email ana@example.com --organization org_x --role owner \\\n      --password-stdin < password.txt",
    )
    .action(async (given) => {
      const user = parseOptions(NewUser, { ...given, password: await readPassword() }, optionNames);
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, given.organization);
        console.log(await createUser(viewer, user));
      });
    });

  users
    .command("add")
    .description("Add a user to another organization.")
    .requiredOption("--email <address>", "their email address")
    .requiredOption("--organization <id>", "the organization to add them to")
    .addOption(roleOption())
    .action(async (given) => {
      const { email, role } = parseOptions(NewUser.pick({ email: true, role: true }), given, optionNames);
      await asOperator(async (operator) => {
        await addMember(await Viewer.fromOperator(operator, given.organization), email, role);
      });
    });

  users
    .command("set-password")
    .description("Reset a user's password and sign them out everywhere.")
    .requiredOption("--email <address>", "their email address")
    .requiredOption(...passwordOption)
    .action(async (given) => {
      const wanted = { ...given, password: await readPassword() };
      const schema = NewUser.pick({ email: true, password: true });
      const { email, password } = parseOptions(schema, wanted, optionNames);
      await asOperator((operator) => setPassword(operator, email, password));
    });
}
