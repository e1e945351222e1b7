import { z } from "zod";
import { leaveOrganization } from "@/lib/members/remove";
import { organizationFormHandler } from "../../form-handler";
import { membersPage } from "../form";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
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
