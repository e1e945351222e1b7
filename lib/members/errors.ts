import { HttpError } from "../http/http-error";

export const lastOwner = new HttpError(
  409,
  "last_owner",
  "An organization needs an owner: make somebody else one first",
);

export const memberNotFound = new HttpError(
  404,
  "member_not_found",
  "There is no such member of the organization",
);
