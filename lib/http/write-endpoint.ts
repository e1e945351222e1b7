import type { Kysely } from "kysely";
import type { z } from "zod";
import type { Database } from "@/db/schema";
import type { Permission } from "../access/permissions";
import { Viewer } from "../access/viewer";
import { withIdempotency } from "../idempotency/with-idempotency";
import { endpoint, withHeaders } from "./endpoint";
import { findIdInPath } from "./id-in-path";
import { readJsonBody } from "./json-body";
import { parseFields } from "./parse-fields";
import { parseRequestQuery, WriteQuery } from "./parse-query";

/**
 * A POST of the API with a JSON object, which an API key may repeat with an `Idempotency-Key`.
 *
 * @param options.failure the `detail` of a failure on our side.
 * @param options.permission that the key needs.
 * @param options.fields of the body; without a required one, there may be no body.
 * @param options.isAtomic whether `write` needs no transaction of its own (withIdempotency).
 * @param write is given the id in the path, and a transaction unless it is atomic.
 */
export function writeEndpoint<S extends z.ZodObject>(
  options: { failure: string; permission: Permission; fields: S; isAtomic?: boolean },
  write: (viewer: Viewer, fields: z.infer<S>, id: string, db: Kysely<Database>) => Promise<object>,
) {
  const { failure, permission, fields: schema, isAtomic } = options;
  const isOptional = schema.safeParse({}).success;
  return endpoint(failure, async (request) => {
    const viewer = await Viewer.forWrite(request, permission);
    const { headers } = parseRequestQuery(WriteQuery, request);
    const fields = parseFields(schema, await readJsonBody(request, { isOptional }));
    // Nothing has the id "".
    const id = findIdInPath(request) ?? "";
    const effect = (db: Kysely<Database>) => write(viewer, fields, id, db);
    return withHeaders(await withIdempotency(viewer, request, fields, effect, { isAtomic }), headers);
  });
}
