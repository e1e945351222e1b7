export type SettingsPage = "api-keys" | "phone-numbers" | "members" | "organization" | "views" | "account";

/**
 * @param more `below`: a part of the page, such as an API key's id; `done`: for FormResult; `old`: the id of the key that
 *   was rotated.
 */
export function settingsAddress(
  page: SettingsPage,
  organizationId: string | undefined,
  more: { below?: string; done?: string; old?: string } = {},
): string {
  const path = ["/settings", page, ...(more.below ? [encodeURIComponent(more.below)] : [])].join("/");
  const query = new URLSearchParams();
  if (organizationId) query.set("organizationId", organizationId);
  if (more.done) query.set("done", more.done);
  if (more.old) query.set("old", more.old);
  return query.size > 0 ? `${path}?${query}` : path;
}
