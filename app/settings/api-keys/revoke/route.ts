import { z } from "zod";
import { revokeApiKey } from "@/lib/api-keys/revoke";
import { ApiKeyName } from "@/lib/api-keys/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { ApiKeyId, apiKeyPage } from "../form";

/** Ends a key for good, once its name is typed. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to revoke the API key",
    page: apiKeyPage,
    fields: z.object({ ...ApiKeyId, confirmedName: ApiKeyName }),
    permission: "manageKeys",
  },
  async ({ viewer, fields }) => {
    await revokeApiKey(viewer, fields.apiKeyId, { name: fields.confirmedName });
    return { path: settingsAddress("api-keys", viewer.organizationId, { done: "revoked" }) };
  },
);
