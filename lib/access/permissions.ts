import { HttpError } from "../http/http-error";

/** Roles of an organization's members, most permissions first. */
export const roles = ["owner", "admin", "member"] as const;
export type Role = (typeof roles)[number];

/** What an API key may do: read batch jobs; create, start, cancel and reschedule them; make their calls. */
export const apiKeyScopes = ["read", "manage", "dial"] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** How a viewer was authenticated; a person has their role. */
export type ViewerKind = "api key" | "operator" | "server" | Role;

/** The error of an API key for another organization, whether that exists or not. */
export const organizationForbidden = new HttpError(
  403,
  "organization_forbidden",
  "This API key does not belong to that organization",
);

/**
 * The error of a person or operator for an organization that does not exist; a person gets it for other organizations,
 * too.
 */
export const organizationNotFound = new HttpError(404, "organization_not_found", "Organization not found");

const ownersOnly = new HttpError(403, "owners_only", "Only owners of the organization can do this");

const ownersAndAdminsOnly = new HttpError(
  403,
  "owners_and_admins_only",
  "Only owners and admins of the organization can do this",
);
const keysOnly = new HttpError(403, "dialing_forbidden", "Only API keys with the scope dial can make calls");

/** Who has each permission, with which scope an API key has it, and the error for everyone else. */
const permissions = {
  readBatchJobs: { kinds: ["operator", "owner", "admin", "member"], scope: "read", error: ownersOnly },
  manageBatchJobs: { kinds: ["operator", "owner", "admin"], scope: "manage", error: ownersAndAdminsOnly },
  dial: { kinds: ["operator", "server"], scope: "dial", error: keysOnly },
  writeBatchJobs: { kinds: ["operator", "owner"], error: ownersOnly },
  manageKeys: { kinds: ["operator", "owner"], error: ownersOnly },
  manageOrganization: { kinds: ["operator", "owner"], error: ownersOnly },
  createOrganization: {
    kinds: ["operator", "owner"],
    error: new HttpError(403, "creating_forbidden", "Only owners of an organization can create another one"),
  },
  manageMembers: {
    kinds: ["operator", "owner", "admin"],
    error: ownersAndAdminsOnly,
  },
  managePhoneNumbers: { kinds: ["operator", "owner", "admin"], error: ownersAndAdminsOnly },
  viewSettings: {
    kinds: ["operator", "owner", "admin", "member"],
    error: new HttpError(403, "insufficient_permission", "API keys can’t view the organization’s settings"),
  },
} satisfies Record<string, PermissionRule>;

interface PermissionRule {
  kinds: Exclude<ViewerKind, "api key">[];
  scope?: ApiKeyScope;
  error: HttpError;
}

export type Permission = keyof typeof permissions;

const ruleOf = (permission: Permission): PermissionRule => permissions[permission];

/** The scope that gives an API key a permission; undefined if none does. */
export function apiKeyScopeFor(permission: Permission): ApiKeyScope | undefined {
  return ruleOf(permission).scope;
}

/** @param scopes of an API key. */
export function may(kind: ViewerKind, permission: Permission, scopes: readonly ApiKeyScope[] = []): boolean {
  if (kind !== "api key") return ruleOf(permission).kinds.includes(kind);
  const scope = apiKeyScopeFor(permission);
  return scope !== undefined && scopes.includes(scope);
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
  throw new HttpError(403, "owner_role_required", "Only owners can add, change or remove owners");
}
