import { findIdInPath } from "../http/id-in-path";
import { jobNotFound } from "./lock";

/**
 * The id of a job in a path such as `/batch/jobs/batch_xyz789/start`.
 *
 * @throws HttpError 404, as for a job that does not exist, for a text that cannot be an id.
 */
export function jobIdInPath(request: Request): string {
  const id = findIdInPath(request);
  if (id === undefined) throw jobNotFound;
  return id;
}
