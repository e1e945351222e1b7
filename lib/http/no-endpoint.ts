import { endpoint } from "./endpoint";
import { HttpError } from "./http-error";
import { quoted } from "./quoted";

/** The 404 at API addresses. It mentions endpoints, so that nobody takes it for a batch job that does not exist. */
export const noEndpoint = endpoint("Failed to handle the request", (request) => {
  const { pathname } = new URL(request.url);
  const detail = `There is no endpoint at ${quoted(pathname)}. The endpoints include GET /batch/jobs and POST /batch/create`;
  throw new HttpError(404, "not_found", detail);
});
