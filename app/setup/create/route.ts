import { parseForm } from "@/lib/http/form-body";
import { formEndpoint } from "@/lib/http/form-endpoint";
import { routeMethods } from "@/lib/http/methods";
import { mustBeSameOrigin } from "@/lib/http/same-origin";
import { Setup, setUp } from "@/lib/setup/set-up";
import { readBrowser } from "../../signed-in";

/** Open to anyone with the setup code, until there is an owner. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: formEndpoint(
    "Failed to set up",
    () => "/setup",
    ["organizationName", "organizationId", "name", "email"],
    async (request, form) => {
      mustBeSameOrigin(request.headers);
      const browser = await readBrowser(request.headers);
      const { organizationId, setCookies } = await setUp(parseForm(Setup, form), browser);
      return { path: `/jobs?organizationId=${organizationId}`, setCookies };
    },
  ),
});
