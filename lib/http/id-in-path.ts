import { identifierPattern } from "../format/text";

/** The id in a path such as `/batch/jobs/batch_xyz789/start`; undefined for a text that cannot be one. */
export function findIdInPath(request: Request): string | undefined {
  const [, , , segment = ""] = new URL(request.url).pathname.split("/");
  const id = decodeURIComponent(segment);
  return identifierPattern.test(id) ? id : undefined;
}
