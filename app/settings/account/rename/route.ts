import { allow } from "@/lib/http/methods";
import { changeName } from "@/lib/users/preferences";
import { NameForm } from "@/lib/users/schema";
import { settingsAddress } from "../../address";
import { personFormHandler } from "../../form-handler";
import { accountPage } from "../form";

export const POST = personFormHandler(
  { failure: "Failed to change the name", page: accountPage, kept: ["name"], fields: NameForm },
  async ({ person, fields, form }) => {
    await changeName(person, fields.name);
    return { path: settingsAddress("account", form.organizationId, { done: "renamed" }) };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
