import { HttpError } from "../http/http-error";

/** What a member of an organization is, most permissions first. */
export const roles = ["owner", "admin", "member"] as const;
export type Role = (typeof roles)[number];

/** How a viewer proved who they are; a person by their role. */
export type Kind = "api key" | "operator" | Role;

/** The same for a foreign organization and for one that does not exist. */
export const organizationForbidden = new HttpError(
  403,
  "organization_forbidden",
  "This API key does not belong to that organization",
);

/** To a person a foreign organization is not there, as one that does not exist. */
export const organizationNotFound = new HttpError(404, "organization_not_found", "Organization not found");

const ownersOnly = new HttpError(403, "managing_forbidden", "Only owners of the organization can do this");

/** Who has each permission, beside reading batch jobs, which every viewer may; and what all others are told. */
const permissions = {
  writeBatchJobs: { kinds: ["operator", "owner"], refusal: ownersOnly },
  manageKeys: { kinds: ["operator", "owner"], refusal: ownersOnly },
  manageOrganization: { kinds: ["operator", "owner"], refusal: ownersOnly },
  createOrganization: {
    kinds: ["operator", "owner"],
    refusal: new HttpError(
      403,
      "creating_forbidden",
      "Only owners of an organization can create another one",
    ),
  },
  manageMembers: {
    kinds: ["operator", "owner", "admin"],
    refusal: new HttpError(
      403,
      "managing_members_forbidden",
      "Only owners and admins of the organization can do this",
    ),
  },
  viewSettings: {
    kinds: ["operator", "owner", "admin", "member"],
    refusal: new HttpError(403, "insufficient_permission", "API keys can only read batch jobs"),
  },
} satisfies Record<string, { kinds: Kind[]; refusal: HttpError }>;

export type Permission = keyof typeof permissions;

export function may(kind: Kind, permission: Permission): boolean {
  return (permissions[permission].kinds as Kind[]).includes(kind);
}

/** What somebody without the permission is told. */
export function refusalOf(permission: Permission): HttpError {
  return permissions[permission].refusal;
}

/** The roles that have a permission. */
export function rolesWith(permission: Permission): Role[] {
  return roles.filter((role) => may(role, permission));
}

/** The roles that a member of each role may give, change or remove. */
const managedRoles: Record<Role, readonly Role[]> = {
  owner: roles,
  admin: ["admin", "member"],
  member: [],
};

/** The roles that somebody of this role may give to others, change and remove. */
export function rolesManagedBy(actor: Role): readonly Role[] {
  return managedRoles[actor];
}

export function mayManageRole(actor: Role, role: Role): boolean {
  return managedRoles[actor].includes(role);
}

/** @throws HttpError 403 where mayManageRole says no. */
export function requireManagedRole(actor: Role, role: Role): void {
  if (mayManageRole(actor, role)) return;
  throw new HttpError(403, "owners_are_for_owners", "Only owners can add, change or remove owners");
}
