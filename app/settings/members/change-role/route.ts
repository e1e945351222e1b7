import { z } from "zod";
import { changeRole } from "@/lib/members/change-role";
import { NewUser } from "@/lib/users/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { membersPage, UserId } from "../form";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to change the role",
    page: membersPage,
    fields: z.object({ ...UserId, role: NewUser.shape.role }),
    permission: "manageMembers",
  },
  async ({ viewer, fields }) => {
    await changeRole(viewer, fields.userId, fields.role);
    return { path: settingsAddress("members", viewer.organizationId, { done: "role" }) };
  },
);
