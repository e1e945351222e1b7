import { z } from "zod";
import { revokeApiKey } from "@/lib/api-keys/revoke";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { ApiKeyId, apiKeyPage } from "../form";

/** Ends a key that has a successor before its time. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to end the API key",
    page: apiKeyPage,
    fields: z.object(ApiKeyId),
    permission: "manageKeys",
  },
  async ({ viewer, fields }) => {
    await revokeApiKey(viewer, fields.apiKeyId, "has a successor");
    return { path: settingsAddress("api-keys", viewer.organizationId, { done: "ended" }) };
  },
);
