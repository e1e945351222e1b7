import { z } from "zod";
import { parseForm } from "@/lib/http/form-body";
import { formEndpoint } from "@/lib/http/form-endpoint";
import { routeMethods } from "@/lib/http/methods";
import { returnPath } from "@/lib/http/return-path";
import { mustBeSameOrigin } from "@/lib/http/same-origin";
import { changeTimeZone } from "@/lib/users/preferences";
import { themeSetCookie, themes } from "@/lib/users/theme";
import { findPerson } from "../../../signed-in";

const Display = z.object({ theme: z.enum(themes).optional(), timeZone: z.string().optional() });

/** Takes the theme, the time zone or both. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: formEndpoint(
    "Failed to save",
    ({ returnTo }) => `/settings/display?returnTo=${encodeURIComponent(returnPath(returnTo))}`,
    [],
    async (request, form) => {
      const person = await findPerson();
      if (!person) return { path: "/sign-in" };
      mustBeSameOrigin(request.headers);
      const { theme, timeZone } = parseForm(Display, form);
      if (timeZone !== undefined) await changeTimeZone(person, timeZone === "browser" ? null : timeZone);
      return { path: returnPath(form.returnTo), setCookies: theme ? [themeSetCookie(theme)] : [] };
    },
  ),
});
