import { z } from "zod";
import { parseForm } from "@/lib/http/form-body";
import { formEndpoint } from "@/lib/http/form-endpoint";
import { routeMethods } from "@/lib/http/methods";
import { mustBeSameOrigin } from "@/lib/http/same-origin";
import { joinAsPerson, joinWithNewAccount } from "@/lib/invitations/accept";
import { invitationPath } from "@/lib/invitations/invite";
import { JoinForm } from "@/lib/invitations/schema";
import { findPerson, readBrowser } from "../../signed-in";

const Link = z.object({ token: z.string({ error: "must be that of an invitation's link" }) });

/** Accepts an invitation, for the person who is signed in or else a new one. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: formEndpoint(
    "Failed to join",
    ({ token = "" }) => invitationPath(encodeURIComponent(token)),
    ["name"],
    async (request, form) => {
      const person = await findPerson();
      mustBeSameOrigin(request.headers);
      const { token } = parseForm(Link, form);
      if (person) return { path: `/jobs?organizationId=${await joinAsPerson(token, person)}` };
      const fields = parseForm(JoinForm, form);
      const browser = await readBrowser(request.headers);
      const { organizationId, setCookies } = await joinWithNewAccount(token, fields, browser);
      return { path: `/jobs?organizationId=${organizationId}`, setCookies };
    },
  ),
});
