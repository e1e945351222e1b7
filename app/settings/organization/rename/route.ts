import { allow } from "@/lib/http/methods";
import { renameOrganization } from "@/lib/organizations/rename";
import { NewOrganization } from "@/lib/organizations/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";

export const POST = organizationFormHandler(
  {
    failure: "Failed to rename the organization",
    page: ({ organizationId }) => settingsAddress("organization", organizationId),
    kept: ["name"],
    fields: NewOrganization.pick({ name: true }),
    permission: "manageOrganization",
  },
  async ({ viewer, fields }) => {
    await renameOrganization(viewer, fields.name);
    return { path: settingsAddress("organization", viewer.organizationId, { done: "renamed" }) };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
