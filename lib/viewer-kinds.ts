import { Refusal } from "./refusal";
import type { Role } from "./role";

/** How a viewer proved themselves; a person by their role. */
export type Kind = "api key" | "operator" | Role;

/** The same for a foreign organization and for one that does not exist. */
export const organizationForbidden = new Refusal(
  403,
  "organization_forbidden",
  "This API key does not belong to that organization",
);

/** To a person a foreign organization is not there, as one that does not exist. */
export const organizationNotFound = new Refusal(
  404,
  "organization_not_found",
  "There is no such organization",
);

/** What can be done beside reading batch jobs, who may, and what all others are told. */
const acts: Record<"manage" | "manageMembers" | "inquire", { kinds: Kind[]; refusal: Refusal }> = {
  manage: {
    kinds: ["operator", "owner"],
    refusal: new Refusal(403, "managing_forbidden", "Only an owner of the organization may do this"),
  },
  manageMembers: {
    kinds: ["operator", "owner", "admin"],
    refusal: new Refusal(
      403,
      "managing_members_forbidden",
      "Only an owner or an admin of the organization may do this",
    ),
  },
  inquire: {
    kinds: ["operator", "owner", "admin", "member"],
    refusal: new Refusal(403, "inquiring_forbidden", "An API key reads batch jobs, and nothing else"),
  },
};

/** @throws Refusal 403 when a viewer of this kind may not do this. */
export function mayOrRefuse(act: keyof typeof acts, kind: Kind): void {
  const { kinds, refusal } = acts[act];
  if (!kinds.includes(kind)) throw refusal;
}
