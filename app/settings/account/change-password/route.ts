import { changePassword } from "@/lib/account/change-password";
import { PasswordForm } from "@/lib/account/schema";
import { sessionSetCookie } from "@/lib/auth/cookies";
import { clientAddressHeader } from "@/lib/http/client-address";
import { allow } from "@/lib/http/methods";
import { settingsAddress } from "../../address";
import { personDoor } from "../../door";
import { accountPage } from "../form";

export const POST = personDoor(
  { failure: "Failed to change the password", page: accountPage, fields: PasswordForm },
  async ({ person, fields, form, request: { headers } }) => {
    const token = await changePassword(person, fields, {
      address: headers.get(clientAddressHeader) ?? "",
      userAgent: headers.get("user-agent") ?? undefined,
    });
    return {
      path: settingsAddress("account", form.organizationId, { done: "password" }),
      setCookies: token ? [sessionSetCookie(token)] : [],
    };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
