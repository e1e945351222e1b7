import { parseForm } from "@/lib/http/form-body";
import { saveDraft } from "@/lib/http/form-draft";
import { formEndpoint } from "@/lib/http/form-endpoint";
import { routeMethods } from "@/lib/http/methods";
import { mustBeSameOrigin } from "@/lib/http/same-origin";
import { Setup, setUp } from "@/lib/setup/set-up";

/** Open to anyone with the setup code, until there is an owner. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: formEndpoint(
    "Failed to set up",
    () => "/setup",
    ["organizationName", "organizationId", "name", "email"],
    async (request, form) => {
      mustBeSameOrigin(request.headers);
      await setUp(parseForm(Setup, form));
      return { path: "/sign-in?done=setup", setCookies: [saveDraft(form, ["email"], "/sign-in")] };
    },
  ),
});
