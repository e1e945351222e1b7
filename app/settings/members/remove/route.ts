import { z } from "zod";
import { removeMember } from "@/lib/members/remove";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { membersPage, UserId } from "../form";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
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
