import { HttpError } from "../http/http-error";

/** Roles of an organization's members, most permissions first. */
export const roles = ["owner", "admin", "member"] as const;
export type Role = (typeof roles)[number];

/** How a viewer was authenticated; a person has their role. */
export type ViewerKind = "api key" | "operator" | Role;

/** The same for a foreign organization and for one that does not exist. */
export const organizationForbidden = new HttpError(
  403,
  "organization_forbidden",
  "This API key does not belong to that organization",
);

/** A person gets this for other organizations, too. */
export const organizationNotFound = new HttpError(404, "organization_not_found", "Organization not found");

const ownersOnly = new HttpError(403, "managing_forbidden", "Only owners of the organization can do this");

/** Who has each permission, and the error for everyone else. Every viewer may read batch jobs. */
const permissions = {
  writeBatchJobs: { kinds: ["operator", "owner"], error: ownersOnly },
  manageKeys: { kinds: ["operator", "owner"], error: ownersOnly },
  manageOrganization: { kinds: ["operator", "owner"], error: ownersOnly },
  createOrganization: {
    kinds: ["operator", "owner"],
    error: new HttpError(403, "creating_forbidden", "Only owners of an organization can create another one"),
  },
  manageMembers: {
    kinds: ["operator", "owner", "admin"],
    error: new HttpError(
      403,
      "managing_members_forbidden",
      "Only owners and admins of the organization can do this",
    ),
  },
  viewSettings: {
    kinds: ["operator", "owner", "admin", "member"],
    error: new HttpError(403, "insufficient_permission", "API keys can only read batch jobs"),
  },
} satisfies Record<string, { kinds: ViewerKind[]; error: HttpError }>;

export type Permission = keyof typeof permissions;

export function may(kind: ViewerKind, permission: Permission): boolean {
  return (permissions[permission].kinds as ViewerKind[]).includes(kind);
}

/** The error for someone without the permission. */
export function permissionError(permission: Permission): HttpError {
  return permissions[permission].error;
}

export function rolesWith(permission: Permission): Role[] {
  return roles.filter((role) => may(role, permission));
}

/** The roles that a member of each role may give to others, change and remove. */
const managedRoles: Record<Role, readonly Role[]> = {
  owner: roles,
  admin: ["admin", "member"],
  member: [],
};

export function mayManageRole(actor: Role, role: Role): boolean {
  return managedRoles[actor].includes(role);
}

/** @throws HttpError 403 unless `mayManageRole`. */
export function requireManagedRole(actor: Role, role: Role): void {
  if (mayManageRole(actor, role)) return;
  throw new HttpError(403, "owners_are_for_owners", "Only owners can add, change or remove owners");
}
