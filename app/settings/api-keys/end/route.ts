import { z } from "zod";
import { revokeApiKey } from "@/lib/api-keys/revoke";
import { allow } from "@/lib/http/methods";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { ApiKeyId, apiKeyPage } from "../form";

/** Ends a key that has a successor before its time. */
export const POST = organizationFormHandler(
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

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
