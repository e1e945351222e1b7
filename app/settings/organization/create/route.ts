import { z } from "zod";
import { allow } from "@/lib/http/methods";
import { createOrganizationAsOwner, requireCreateOrganization } from "@/lib/organizations/create";
import { NewOrganization } from "@/lib/organizations/schema";
import { settingsAddress } from "../../address";
import { personFormHandler } from "../../form-handler";

/** Makes another organization, of which the person is the owner. */
export const POST = personFormHandler(
  {
    failure: "Failed to create the organization",
    page: ({ from }) => settingsAddress("organization", from),
    must: requireCreateOrganization,
    fields: z.object({ newName: NewOrganization.shape.name }),
  },
  async ({ person, fields }) => {
    const id = await createOrganizationAsOwner(person, fields.newName);
    return { path: settingsAddress("organization", id, { done: "created" }) };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
