import { z } from "zod";
import { leaveOrganization } from "@/lib/members/remove";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to leave the organization",
    page: "members",
    fields: z.object({}),
    permission: "viewSettings",
  },
  async ({ viewer }) => {
    await leaveOrganization(viewer);
    return { path: "/jobs" };
  },
);
