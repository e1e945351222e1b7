import { z } from "zod";
import { createOrganizationAsOwner, requireCreateOrganization } from "@/lib/organizations/create";
import { NewOrganization } from "@/lib/organizations/schema";
import { settingsAddress } from "../../address";
import { personFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = personFormHandler(
  {
    failure: "Failed to create the organization",
    page: "organization",
    must: requireCreateOrganization,
    fields: z.object({ newName: NewOrganization.shape.name }),
  },
  async ({ person, fields }) => {
    const id = await createOrganizationAsOwner(person, fields.newName);
    return { path: settingsAddress("organization", id, { done: "created" }) };
  },
);
