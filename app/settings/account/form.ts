import { settingsAddress } from "../address";

/** The account page, as it was opened from an organization. */
export function accountPage({ organizationId }: Record<string, string>): string {
  return settingsAddress("account", organizationId);
}
