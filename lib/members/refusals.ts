import { Refusal } from "../refusal";

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
