import { renameOrganization } from "@/lib/organizations/rename";
import { NewOrganization } from "@/lib/organizations/schema";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to rename the organization",
    page: "organization",
    draft: ["name"],
    fields: NewOrganization.pick({ name: true }),
    permission: "manageOrganization",
  },
  async ({ viewer, fields }) => {
    await renameOrganization(viewer, fields.name);
    return { done: "renamed" };
  },
);
