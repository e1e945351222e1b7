import { z } from "zod";
import { allow } from "@/lib/http/methods";
import { leaveOrganization } from "@/lib/members/remove";
import { organizationFormHandler } from "../../form-handler";
import { membersPage } from "../form";

export const POST = organizationFormHandler(
  {
    failure: "Failed to leave the organization",
    page: membersPage,
    fields: z.object({}),
    permission: "viewSettings",
  },
  async ({ viewer }) => {
    await leaveOrganization(viewer);
    return { path: "/jobs" };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
