import type { Role } from "@/lib/access/permissions";

export const roleLabels: Record<Role, string> = { owner: "Owner", admin: "Admin", member: "Member" };

export const roleNouns: Record<Role, string> = { owner: "an owner", admin: "an admin", member: "a member" };

export const roleDescriptions: Record<Role, string> = {
  owner: "Owners manage everything: batch jobs, API keys, members and the organization itself.",
  admin: "Admins manage batch jobs, phone numbers and members, except owners.",
  member: "Members view jobs.",
};
