import type { Transaction } from "kysely";
import type { z } from "zod";
import type { Database } from "@/db/schema";
import type { Permission } from "../access/permissions";
import { Viewer } from "../access/viewer";
import { identifierPattern } from "../format/text";
import { withIdempotency } from "../idempotency/with-idempotency";
import { endpoint } from "./endpoint";
import { readJsonBody } from "./json-body";
import { parseFields } from "./parse-fields";

/** The id in a path such as `/batch/calls/call_1/result`; "", which is nobody's, for a text that cannot be one. */
function idInPath(request: Request): string {
  const segment = new URL(request.url).pathname.split("/").at(-2) ?? "";
  const id = decodeURIComponent(segment);
  return identifierPattern.test(id) ? id : "";
}

/**
 * A POST of the API with a JSON object, which an API key may repeat with an `Idempotency-Key`.
 *
 * @param options.failure the `detail` of a failure on our side.
 * @param options.permission that the key needs.
 * @param options.fields of the body; without a required one, there may be no body.
 * @param write is given the id in the path, which is the second last segment, and a transaction.
 */
export function writeEndpoint<S extends z.ZodObject>(
  options: { failure: string; permission: Permission; fields: S },
  write: (viewer: Viewer, fields: z.infer<S>, id: string, db: Transaction<Database>) => Promise<object>,
) {
  const { failure, permission, fields: schema } = options;
  const isOptional = schema.safeParse({}).success;
  return endpoint(failure, async (request) => {
    const viewer = await Viewer.fromApiKey(request.headers, permission);
    const fields = parseFields(schema, await readJsonBody(request, { isOptional }));
    const id = idInPath(request);
    return withIdempotency(viewer, request, fields, (db) => write(viewer, fields, id, db));
  });
}
