export type SettingsPage = "api-keys" | "members" | "organization" | "account";

/**
 * The address of a settings page, of one API key, or of a action below it.
 *
 * @param more `below`: what comes after the page's own path, such as `key_1`; `done`: what has just been done; `old`: the
 *   key that was rotated.
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
