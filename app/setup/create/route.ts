import { parseForm } from "@/lib/http/form-body";
import { formEndpoint } from "@/lib/http/form-endpoint";
import { keepFields } from "@/lib/http/kept-fields";
import { allow } from "@/lib/http/methods";
import { mustBeSameOrigin } from "@/lib/http/same-origin";
import { Setup, setUp } from "@/lib/setup/set-up";

/** The setup page's form. Whoever knows the setup code may send it, until there is an owner. */
export const POST = formEndpoint(
  "Failed to set up",
  () => "/setup",
  ["organizationName", "organizationId", "name", "email"],
  async (request, form) => {
    mustBeSameOrigin(request.headers);
    await setUp(parseForm(Setup, form));
    return { path: "/sign-in?done=setup", setCookies: [keepFields(form, ["email"], "/sign-in")] };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
