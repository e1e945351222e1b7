import { changeName } from "@/lib/users/preferences";
import { NameForm } from "@/lib/users/schema";
import { settingsAddress } from "../../address";
import { personFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  { failure: "Failed to change the name", page: "account", draft: ["name"], fields: NameForm },
  async ({ person, fields, form }) => {
    await changeName(person, fields.name);
    return { path: settingsAddress("account", form.organizationId, { done: "renamed" }) };
  },
);
