import { PhoneNumberChange } from "@/lib/phone-numbers/schema";
import { updatePhoneNumber } from "@/lib/phone-numbers/update";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to change the phone number",
    page: "phone-numbers",
    fields: PhoneNumberChange,
    permission: "managePhoneNumbers",
  },
  async ({ viewer, fields }) => {
    await updatePhoneNumber(viewer, fields);
    return { path: settingsAddress("phone-numbers", viewer.organizationId, { done: "changed" }) };
  },
);
