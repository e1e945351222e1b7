import { z } from "zod";
import { allow } from "@/lib/http/methods";
import { changeRole } from "@/lib/members/change-role";
import { NewUser } from "@/lib/users/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { membersPage, UserId } from "../form";

export const POST = organizationFormHandler(
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

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
