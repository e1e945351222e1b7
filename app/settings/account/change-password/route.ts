import { changePassword } from "@/lib/account/change-password";
import { PasswordForm } from "@/lib/account/schema";
import { allow } from "@/lib/http/methods";
import { readBrowser } from "../../../signed-in";
import { settingsAddress } from "../../address";
import { personDoor } from "../../door";
import { accountPage } from "../form";

export const POST = personDoor(
  { failure: "Failed to change the password", page: accountPage, fields: PasswordForm },
  async ({ person, fields, form, request: { headers } }) => {
    const setCookies = await changePassword(person, fields, await readBrowser(headers));
    return { path: settingsAddress("account", form.organizationId, { done: "password" }), setCookies };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
