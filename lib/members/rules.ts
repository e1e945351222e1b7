import { Refusal } from "../refusal";
import type { Role } from "../role";

const ownersAreForOwners = new Refusal(
  403,
  "owners_are_for_owners",
  "Only an owner may make somebody an owner, or change or remove one",
);

export const lastOwner = new Refusal(
  409,
  "last_owner",
  "An organization needs an owner: make somebody else one first",
);

export const memberNotFound = new Refusal(
  404,
  "member_not_found",
  "There is no such member of the organization",
);

/** Whether somebody of this role may give, change or take away that one: an admin may not with owners. */
export function mayDecideOn(actor: Role, role: Role): boolean {
  return actor === "owner" || (actor === "admin" && role !== "owner");
}

/** @throws Refusal 403, by the rule above. */
export function mustDecideOn(actor: Role, role: Role): void {
  if (!mayDecideOn(actor, role)) throw ownersAreForOwners;
}
