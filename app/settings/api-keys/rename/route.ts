import { z } from "zod";
import { renameApiKey } from "@/lib/api-keys/rename";
import { ApiKeyName } from "@/lib/api-keys/schema";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { ApiKeyId, apiKeyPage } from "../form";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to rename the API key",
    page: apiKeyPage,
    fields: z.object({ ...ApiKeyId, name: ApiKeyName }),
    permission: "manageKeys",
  },
  async ({ viewer, fields }) => {
    await renameApiKey(viewer, fields.apiKeyId, fields.name);
    return {
      path: settingsAddress("api-keys", viewer.organizationId, { below: fields.apiKeyId, done: "renamed" }),
    };
  },
);
