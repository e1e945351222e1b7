import { changePassword } from "@/lib/auth/change-password";
import { PasswordForm } from "@/lib/users/schema";
import { readBrowser } from "../../../signed-in";
import { personFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  { failure: "Failed to change the password", page: "account", fields: PasswordForm },
  async ({ person, fields, request: { headers } }) => {
    const setCookies = await changePassword(person, fields, await readBrowser(headers));
    return { done: "password", setCookies };
  },
);
