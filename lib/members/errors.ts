import { HttpError } from "../http/http-error";

export const lastOwner = new HttpError(
  409,
  "last_owner",
  "An organization needs at least one owner: make someone else an owner first",
);

export const memberNotFound = new HttpError(404, "member_not_found", "Member not found");
