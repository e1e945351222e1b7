import { removePhoneNumber } from "@/lib/phone-numbers/remove";
import { NewPhoneNumber } from "@/lib/phone-numbers/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to remove the phone number",
    page: "phone-numbers",
    fields: NewPhoneNumber.pick({ id: true }),
    permission: "managePhoneNumbers",
  },
  async ({ viewer, fields }) => {
    await removePhoneNumber(viewer, fields.id);
    return { path: settingsAddress("phone-numbers", viewer.organizationId, { done: "removed" }) };
  },
);
