import { z } from "zod";
import { revokeApiKey } from "@/lib/api-keys/revoke";
import { ApiKeyName } from "@/lib/api-keys/schema";
import { allow } from "@/lib/http/methods";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { ApiKeyId, apiKeyPage } from "../form";

/** Ends a key for good, once its name is typed. */
export const POST = organizationFormHandler(
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

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
