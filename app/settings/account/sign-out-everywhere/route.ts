import { z } from "zod";
import { sessionRemovalSetCookie } from "@/lib/auth/cookies";
import { endAllOwnSessions } from "@/lib/sessions/end";
import { personFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  { failure: "Failed to sign out", page: "account", fields: z.object({}) },
  async ({ person }) => {
    await endAllOwnSessions(person);
    return { path: "/sign-in?done=everywhere", setCookies: [sessionRemovalSetCookie()] };
  },
);
