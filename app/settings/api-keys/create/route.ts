import { apiKeyScopes } from "@/lib/access/permissions";
import { createApiKey } from "@/lib/api-keys/create";
import { ApiKeyForm, readExpiry, readScopes } from "@/lib/api-keys/schema";
import { setFlashSecret } from "@/lib/server/flash-secret";
import { organizationFormHandler } from "../../form-handler";

/** Creates a key, which the page that follows shows once. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to create the API key",
    page: "api-keys",
    draft: ["name", ...apiKeyScopes, "expiry", "expiryDate"],
    fields: ApiKeyForm,
    permission: "manageKeys",
  },
  async ({ viewer, person, fields }) => {
    const { key } = await createApiKey(viewer, {
      name: fields.name,
      scopes: readScopes(fields),
      expiry: readExpiry(fields),
    });
    return {
      done: "created",
      setCookies: [await setFlashSecret(key, person, "/settings/api-keys", viewer.organizationId)],
    };
  },
);
