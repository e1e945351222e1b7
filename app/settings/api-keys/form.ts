import { identifier } from "@/lib/format/text";
import { settingsAddress } from "../address";

/** The field by which a form names its key. */
export const ApiKeyId = { apiKeyId: identifier };

/** The page of the key that a form is about. */
export function apiKeyPage({ organizationId, apiKeyId }: Record<string, string>): string {
  return settingsAddress("api-keys", organizationId, { below: apiKeyId });
}
