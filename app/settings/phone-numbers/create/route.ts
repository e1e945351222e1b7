import { createPhoneNumber } from "@/lib/phone-numbers/create";
import { NewPhoneNumber } from "@/lib/phone-numbers/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to add the phone number",
    page: "phone-numbers",
    draft: ["id", "phoneNumber", "agentId", "label"],
    fields: NewPhoneNumber,
    permission: "managePhoneNumbers",
  },
  async ({ viewer, fields }) => {
    await createPhoneNumber(viewer, fields);
    const done = fields.agentId === undefined ? "added_without_agent" : "added";
    return { path: settingsAddress("phone-numbers", viewer.organizationId, { done }) };
  },
);
