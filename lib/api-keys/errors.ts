import { HttpError } from "../http/http-error";

/** Also of a key of another organization: to this one it is not there. */
export const apiKeyNotFound = new HttpError(404, "api_key_not_found", "API key not found");

export const apiKeyEnded = new HttpError(
  409,
  "api_key_ended",
  "This API key has already expired or been revoked",
);
