/** What somebody may do in an organization, most first: see lib/viewer-kinds.ts and lib/members/rules.ts. */
export const roles = ["owner", "admin", "member"] as const;
export type Role = (typeof roles)[number];
