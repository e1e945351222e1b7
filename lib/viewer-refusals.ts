import { Refusal } from "./refusal";

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

export const managingForbidden = new Refusal(
  403,
  "managing_forbidden",
  "Only an owner of the organization may do this",
);
