import { text } from "node:stream/consumers";
import { Command, Option } from "commander";
import { Refusal } from "../../refusal";
import { createUser } from "../../users/create";
import { NewUser, roles } from "../../users/schema";
import { Viewer } from "../../viewer";
import { asOperator, parseOptions } from "./run";

const optionNames = { email: "--email", name: "--name", role: "--role", password: "The password" };

export function userCommands(): Command {
  const users = new Command("users").description("The people who sign in.");

  users
    .command("create")
    .description("Make a user who belongs to an organization; prints the user's id.")
    .requiredOption("--email <address>", "what they sign in with")
    .requiredOption("--organization <id>", "where they belong")
    .addOption(new Option("--role <role>", "what they may do there").choices(roles).makeOptionMandatory())
    .option("--name <name>", "what they are called")
    .requiredOption("--password-stdin", "read the password from standard input, so that it is in no history")
    .addHelpText(
      "after",
      "\nFor example:\n  … users create --email ana@example.com --organization org_x --role owner \\\n      --password-stdin < password.txt",
    )
    .action(async (given) => {
      if (process.stdin.isTTY) console.error("Type the password, then Enter and Ctrl-D:");
      const password = (await text(process.stdin)).replace(/\r?\n$/, "");
      if (password === "")
        throw new Refusal(400, "missing_password", "There is no password on standard input");
      const user = parseOptions(NewUser, { ...given, password }, optionNames);
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, given.organization);
        console.log(await createUser(viewer, user));
      });
    });

  return users;
}
