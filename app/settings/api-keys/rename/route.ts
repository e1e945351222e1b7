import { z } from "zod";
import { renameApiKey } from "@/lib/api-keys/rename";
import { ApiKeyName } from "@/lib/api-keys/schema";
import { identifier } from "@/lib/format/text";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to rename the API key",
    page: "api-keys",
    fields: z.object({ apiKeyId: identifier, name: ApiKeyName }),
    permission: "manageKeys",
  },
  async ({ viewer, fields }) => {
    await renameApiKey(viewer, fields.apiKeyId, fields.name);
    return {
      below: fields.apiKeyId,
      done: "renamed",
    };
  },
);
