import { z } from "zod";
import { revokeApiKey } from "@/lib/api-keys/revoke";
import { identifier } from "@/lib/format/text";
import { organizationFormHandler } from "../../form-handler";

/** Revokes a key that has been rotated. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to revoke the API key",
    page: "api-keys",
    fields: z.object({ apiKeyId: identifier }),
    permission: "manageKeys",
  },
  async ({ viewer, fields }) => {
    await revokeApiKey(viewer, fields.apiKeyId, "has a successor");
    return { done: "ended" };
  },
);
