import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { removeMember } from "@/lib/members/remove";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to remove the member",
    page: "members",
    fields: z.object({ userId: identifier }),
    permission: "manageMembers",
  },
  async ({ viewer, fields }) => {
    await removeMember(viewer, fields.userId);
    return { done: "removed" };
  },
);
