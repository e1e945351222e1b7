import { z } from "zod";
import { renameApiKey } from "@/lib/api-keys/rename";
import { ApiKeyName } from "@/lib/api-keys/schema";
import { allow } from "@/lib/http/methods";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { ApiKeyId, apiKeyPage } from "../form";

export const POST = organizationFormHandler(
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

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
