import { createApiKey } from "@/lib/api-keys/create";
import { ApiKeyForm, readExpiry } from "@/lib/api-keys/schema";
import { allow } from "@/lib/http/methods";
import { setFlashSecret } from "@/lib/server/flash-secret";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";

/** Makes a key; the page that follows shows it, once. */
export const POST = organizationFormHandler(
  {
    failure: "Failed to create the API key",
    page: ({ organizationId }) => settingsAddress("api-keys", organizationId),
    kept: ["name", "expiry", "expiryDate"],
    fields: ApiKeyForm,
    permission: "manageKeys",
  },
  async ({ viewer, person, fields }) => {
    const { key } = await createApiKey(viewer, { name: fields.name, expiry: readExpiry(fields) });
    return {
      path: settingsAddress("api-keys", viewer.organizationId, { done: "created" }),
      setCookies: [await setFlashSecret(key, person, "/settings/api-keys", viewer.organizationId)],
    };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
