import { changeName } from "@/lib/users/preferences";
import { NameForm } from "@/lib/users/schema";
import { personFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  { failure: "Failed to change the name", page: "account", draft: ["name"], fields: NameForm },
  async ({ person, fields }) => {
    await changeName(person, fields.name);
    return { done: "renamed" };
  },
);
