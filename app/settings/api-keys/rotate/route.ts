import { rotateApiKey } from "@/lib/api-keys/rotate";
import { RotationForm, readExpiry } from "@/lib/api-keys/schema";
import { identifier } from "@/lib/format/text";
import { setFlashSecret } from "@/lib/server/flash-secret";
import { organizationFormHandler } from "../../form-handler";

/** Creates a key that replaces another. The page that follows shows it once. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to rotate the API key",
    page: "api-keys",
    fields: RotationForm.safeExtend({ apiKeyId: identifier }),
    permission: "manageKeys",
  },
  async ({ viewer, person, fields }) => {
    const overlapHours = Number(fields.overlap);
    const { key } = await rotateApiKey(viewer, fields.apiKeyId, { overlapHours, expiry: readExpiry(fields) });
    return {
      done: "rotated",
      old: fields.apiKeyId,
      setCookies: [await setFlashSecret(key, person, "/settings/api-keys", viewer.organizationId)],
    };
  },
);
