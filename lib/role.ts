import { Refusal } from "./refusal";

/** What somebody may do in an organization, most first: see lib/viewer-kinds.ts, and below. */
export const roles = ["owner", "admin", "member"] as const;
export type Role = (typeof roles)[number];

const ownersAreForOwners = new Refusal(
  403,
  "owners_are_for_owners",
  "Only an owner may make somebody an owner, or change or remove one",
);

/** Whether somebody of this role may give, change or take away that one: an admin may not with owners. */
export function mayDecideOn(actor: Role, role: Role): boolean {
  return actor === "owner" || (actor === "admin" && role !== "owner");
}

/** @throws Refusal 403, by the rule above. */
export function mustDecideOn(actor: Role, role: Role): void {
  if (!mayDecideOn(actor, role)) throw ownersAreForOwners;
}
