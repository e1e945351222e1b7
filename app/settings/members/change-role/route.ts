import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { changeRole } from "@/lib/members/change-role";
import { NewUser } from "@/lib/users/schema";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to change the role",
    page: "members",
    fields: z.object({ userId: identifier, role: NewUser.shape.role }),
    permission: "manageMembers",
  },
  async ({ viewer, fields }) => {
    await changeRole(viewer, fields.userId, fields.role);
    return { done: "role" };
  },
);
