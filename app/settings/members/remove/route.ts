import { z } from "zod";
import { allow } from "@/lib/http/methods";
import { removeMember } from "@/lib/members/remove";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { membersPage, UserId } from "../form";

export const POST = organizationFormHandler(
  {
    failure: "Failed to remove the member",
    page: membersPage,
    fields: z.object(UserId),
    permission: "manageMembers",
  },
  async ({ viewer, fields }) => {
    await removeMember(viewer, fields.userId);
    return { path: settingsAddress("members", viewer.organizationId, { done: "removed" }) };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
