import { setCallLimit } from "@/lib/phone-numbers/call-limit";
import { CallLimit } from "@/lib/phone-numbers/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to change the limit",
    page: "phone-numbers",
    draft: ["limit"],
    fields: CallLimit,
    permission: "managePhoneNumbers",
  },
  async ({ viewer, fields }) => {
    await setCallLimit(viewer, fields.limit);
    return { path: settingsAddress("phone-numbers", viewer.organizationId, { done: "limited" }) };
  },
);
