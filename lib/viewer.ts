import { sql } from "kysely";
import { hashApiKey, isWellFormedApiKey } from "./api-keys/format";
import { throttle } from "./api-keys/throttle";
import { database } from "./database";
import { logError } from "./log";
import { Operator } from "./operator";
import type { Person } from "./person";
import { Refusal } from "./refusal";
import type { Role } from "./users/schema";

const challenge = 'Bearer realm="batch-jobs"';

const missingApiKey = new Refusal(401, "missing_api_key", "Send an API key: Authorization: Bearer <key>", {
  "WWW-Authenticate": challenge,
});

/** One answer for malformed, unknown, expired and revoked keys: it tells a stranger nothing. */
const invalidApiKey = new Refusal(401, "invalid_api_key", "This API key is not valid", {
  "WWW-Authenticate": `${challenge}, error="invalid_token"`,
});

/** The same for a foreign organization and for one that does not exist. */
const organizationForbidden = new Refusal(
  403,
  "organization_forbidden",
  "This API key does not belong to that organization",
);

/** To a person a foreign organization is not there, as one that does not exist. */
const organizationNotFound = new Refusal(404, "organization_not_found", "There is no such organization");

const managingForbidden = new Refusal(
  403,
  "managing_forbidden",
  "Only an owner of the organization may do this",
);

/**
 * The key a request carries: `Authorization: Bearer <key>` (scheme in any case, RFC 9110), or
 * `x-api-key` when there is no Authorization at all. Keys in the URL and cookies are never read.
 */
function findApiKey(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization === null) return headers.get("x-api-key")?.trim() || undefined;
  const [, credentials] = /^bearer +(.*)$/i.exec(authorization.trim()) ?? [];
  return credentials?.trim() || undefined;
}

const isUseWorthNoting = sql<boolean>`last_used_at is null or last_used_at < now() - interval '1 minute'`;

/**
 * Writes when a key was last used, at most once a minute and in nobody's way: not awaited, and passing
 * over a row that another request is writing just now.
 */
function noteUse(apiKeyId: string): void {
  sql`
    update api_keys set last_used_at = now() where id = (
      select id from api_keys where id = ${apiKeyId} and (${isUseWorthNoting}) for update skip locked
    )
  `
    .execute(database())
    .catch((error) => logError("last use of an API key was not noted", error, { apiKeyId }));
}

/** How a viewer proved themselves; a person by their role. */
type Kind = "api key" | "operator" | Role;

/**
 * The proof of who is asking and for which organization. Only this file can make one, so a function that
 * takes a Viewer cannot be reached by anybody unproven.
 */
export class Viewer {
  // A private field, not a property: an object that merely looks like a Viewer fails when it is read.
  readonly #organizationId: string;
  readonly #kind: Kind;

  private constructor(kind: Kind, organizationId: string) {
    this.#kind = kind;
    this.#organizationId = organizationId;
  }

  get organizationId(): string {
    return this.#organizationId;
  }

  /** @throws Refusal 403 for every organization but the viewer's own. */
  mustBeOf(organizationId: string): void {
    if (organizationId !== this.#organizationId) throw organizationForbidden;
  }

  /** @throws Refusal 403 for an API key, which reads batch jobs and manages nothing, and for people but owners. */
  mustManage(): void {
    if (this.#kind !== "operator" && this.#kind !== "owner") throw managingForbidden;
  }

  /**
   * The bearer of an API key sees the key's own organization, whatever the person who made it may see.
   * Expiry and revocation are part of the lookup, so they bite on the next request.
   *
   * @throws Refusal 401 without a usable key, 429 with `Retry-After` when the key asks too often.
   */
  static async fromApiKey(headers: Headers): Promise<Viewer> {
    const key = findApiKey(headers);
    if (key === undefined) throw missingApiKey;
    if (!isWellFormedApiKey(key)) throw invalidApiKey;
    const found = await database()
      .selectFrom("api_keys")
      .select(["id", "organization_id"])
      .select(isUseWorthNoting.as("is_use_worth_noting"))
      .where("key_hash", "=", hashApiKey(key))
      .where("revoked_at", "is", null)
      .where(({ eb, or }) => or([eb("expires_at", "is", null), eb("expires_at", ">", sql<Date>`now()`)]))
      .executeTakeFirst();
    if (!found) throw invalidApiKey;
    await throttle(found.id);
    if (found.is_use_worth_noting) noteUse(found.id);
    return new Viewer("api key", found.organization_id);
  }

  /**
   * A signed-in person sees the organizations where they are a member, in the role they have there now.
   *
   * @throws Refusal 404 for every other, whether it exists or not.
   */
  static fromPerson(person: Person, organizationId: string): Viewer {
    const membership = person.memberships.find((one) => one.organizationId === organizationId);
    if (!membership) throw organizationNotFound;
    return new Viewer(membership.role, organizationId);
  }

  /**
   * @param db a transaction, to see an organization that it has made.
   * @throws Refusal 404 when there is no such organization.
   */
  static async fromOperator(operator: Operator, organizationId: string, db = database()): Promise<Viewer> {
    Operator.prove(operator);
    const found = await db
      .selectFrom("organizations")
      .select("id")
      .where("id", "=", organizationId)
      .executeTakeFirst();
    if (!found)
      throw new Refusal(404, "organization_not_found", `There is no organization ${organizationId}`);
    return new Viewer("operator", found.id);
  }
}
