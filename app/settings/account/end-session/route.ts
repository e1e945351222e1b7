import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { endOwnSession } from "@/lib/sessions/end";
import { settingsAddress } from "../../address";
import { personFormHandler } from "../../form-handler";
import { accountPage } from "../form";

/** Signs the person out in one of their other browsers. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  {
    failure: "Failed to end the session",
    page: accountPage,
    fields: z.object({ sessionId: identifier }),
  },
  async ({ person, fields, form }) => {
    await endOwnSession(person, fields.sessionId);
    return { path: settingsAddress("account", form.organizationId, { done: "session" }) };
  },
);
