import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { endOwnSession } from "@/lib/sessions/end";
import { personFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  {
    failure: "Failed to end the session",
    page: "account",
    fields: z.object({ sessionId: identifier }),
  },
  async ({ person, fields }) => {
    await endOwnSession(person, fields.sessionId);
    return { done: "session" };
  },
);
