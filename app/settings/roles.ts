import type { Role } from "@/lib/access/permissions";

export const roleLabels: Record<Role, string> = { owner: "Owner", admin: "Admin", member: "Member" };

/** What each role may do, for whoever chooses one. */
export const roleDescriptions: Record<Role, string> = {
  owner: "Owners do everything: keys, members, the organization itself.",
  admin: "Admins invite people, and manage everyone but owners.",
  member: "Members watch the jobs.",
};
