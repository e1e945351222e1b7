import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Viewer, viewerScope } from "../access/viewer";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { type Answer, jsonText } from "../http/endpoint";
import { HttpError } from "../http/http-error";

const header = "Idempotency-Key";
const keyBytesMax = 255;
const deletedMax = 1_000;
/** For how long an answer is stored, in PostgreSQL's words. */
const lifetime = sql`interval '24 hours'`;

const keyReused = new HttpError(
  422,
  "idempotency_key_reused",
  `This ${header} was used in the last 24 hours for another request: use a new one for each request`,
);

/**
 * Runs a write in a transaction. With an `Idempotency-Key`, the answer is stored in the same transaction: the same request
 * with the same key gets it again, with `Idempotent-Replayed: true`, for 24 hours. Errors are not stored. Of two such
 * requests at once, the second waits for the first.
 *
 * @param viewer who may do this: keys belong to the organization.
 * @param body the request's, as it was understood.
 * @param effect returns the body of the answer, whose status is 200.
 * @param options.isAtomic whether `effect` is a single statement, so that it needs a transaction only to store its answer.
 * @throws HttpError 400 for an invalid key, 422 for a key that another request has used, else what `effect` throws.
 */
export async function withIdempotency(
  viewer: Viewer,
  request: Request,
  body: unknown,
  effect: (db: Kysely<Database>) => Promise<object>,
  { isAtomic = false } = {},
): Promise<Answer> {
  const key = readKey(request.headers);
  if (isAtomic && key === undefined) return jsonText(JSON.stringify(await effect(database())));
  return database()
    .transaction()
    .execute(async (db) => {
      if (key === undefined) return jsonText(JSON.stringify(await effect(db)));
      const identity = [request.method, new URL(request.url).pathname, body];
      const { answer, isReplayed } = await runOnce(viewer, { key, identity }, effect, db);
      return jsonText(answer, isReplayed ? { "Idempotent-Replayed": "true" } : {});
    });
}

/**
 * Runs a write, unless it was run with the same key in the last 24 hours.
 *
 * @param request.key of any length.
 * @param request.identity what must be the same for requests with the key.
 * @param db a transaction.
 * @returns what `effect` returned, now or then, as JSON.
 * @throws HttpError 422 for a key that another request has used, else what `effect` throws.
 */
export async function runOnce(
  viewer: Viewer,
  { key, identity }: { key: string; identity: unknown },
  effect: (db: Kysely<Database>) => Promise<object>,
  db: Kysely<Database>,
): Promise<{ answer: string; isReplayed: boolean }> {
  const keyHash = sha256(key);
  const requestHash = sha256(JSON.stringify(identity));
  if (await reserve(viewer, { keyHash, requestHash }, db)) {
    const answer = JSON.stringify(await effect(db));
    await storeAnswer(viewer, keyHash, answer, db);
    return { answer, isReplayed: false };
  }
  const stored = await findAnswer(viewer, keyHash, db);
  if (!requestHash.equals(stored.request_hash)) throw keyReused;
  return { answer: stored.body, isReplayed: true };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest();

function readKey(headers: Headers): string | undefined {
  const key = headers.get(header);
  if (key === null) return undefined;
  // In a header a character is a byte.
  if (key.length >= 1 && key.length <= keyBytesMax) return key;
  const detail = `The ${header} header must have 1 to ${keyBytesMax} bytes; got ${key.length}`;
  throw new HttpError(400, "invalid_idempotency_key", detail);
}

/** @returns whether the key is this request's: another one with it waits here, and finds the answer afterwards. */
async function reserve(
  viewer: Viewer,
  values: { keyHash: Buffer; requestHash: Buffer },
  db: Kysely<Database>,
): Promise<boolean> {
  const build = () =>
    sql`
      insert into idempotency_keys as stored (organization_id, key_hash, request_hash, body)
      values (${viewerScope.organizationId}, ${parameter("keyHash")}, ${parameter("requestHash")}, '')
      on conflict (organization_id, key_hash) do update
      set request_hash = excluded.request_hash, body = '', created_at = now()
      where stored.created_at < now() - ${lifetime}
      returning true
    `.compile(database());
  return (await runByViewer(viewer, "reserved idempotency key", build, values, db)).length > 0;
}

function findAnswer({ organizationId }: Viewer, keyHash: Buffer, db: Kysely<Database>) {
  return db
    .selectFrom("idempotency_keys")
    .where("organization_id", "=", organizationId)
    .where("key_hash", "=", keyHash)
    .select(["request_hash", "body"])
    .executeTakeFirstOrThrow();
}

async function storeAnswer(
  viewer: Viewer,
  keyHash: Buffer,
  body: string,
  db: Kysely<Database>,
): Promise<void> {
  const build = () =>
    sql`
      update idempotency_keys set body = ${parameter("body")}
      where organization_id = ${viewerScope.organizationId} and key_hash = ${parameter("keyHash")}
    `.compile(database());
  await runByViewer(viewer, "answer to idempotency key", build, { keyHash, body }, db);
}

/** Deletes answers that are no longer replayed, up to a number. */
export async function deleteOldAnswers(): Promise<void> {
  await sql`
    delete from idempotency_keys where ctid = any (array(
      select ctid from idempotency_keys where created_at < now() - ${lifetime} limit ${deletedMax}
    ))
  `.execute(database());
}
