import { z } from "zod";
import { revokeApiKey } from "@/lib/api-keys/revoke";
import { ApiKeyName } from "@/lib/api-keys/schema";
import { identifier } from "@/lib/format/text";
import { organizationFormHandler } from "../../form-handler";

/** Revokes a key, confirmed by its name. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to revoke the API key",
    page: "api-keys",
    fields: z.object({ apiKeyId: identifier, confirmedName: ApiKeyName }),
    permission: "manageKeys",
  },
  async ({ viewer, fields }) => {
    await revokeApiKey(viewer, fields.apiKeyId, { name: fields.confirmedName });
    return { done: "revoked" };
  },
);
