import { changePassword } from "@/lib/auth/change-password";
import { PasswordForm } from "@/lib/users/schema";
import { readBrowser } from "../../../signed-in";
import { settingsAddress } from "../../address";
import { personFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  { failure: "Failed to change the password", page: "account", fields: PasswordForm },
  async ({ person, fields, form, request: { headers } }) => {
    const setCookies = await changePassword(person, fields, await readBrowser(headers));
    return { path: settingsAddress("account", form.organizationId, { done: "password" }), setCookies };
  },
);
