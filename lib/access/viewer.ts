import { type Expression, sql } from "kysely";
import { bearerHash, invalidApiKey, recordUse, usableApiKey } from "../api-keys/bearer";
import { throttle } from "../api-keys/throttle";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { Operator } from "./operator";
import {
  type Kind,
  may,
  organizationForbidden,
  organizationNotFound,
  type Permission,
  refusalOf,
} from "./permissions";
import type { Person } from "./person";

let scopeOf: (organizationId: Expression<string>) => Scope;

/**
 * The organization whose rows a statement may read. Only this file can make one, so a query that starts from a Scope
 * cannot be built for anybody unproven.
 */
export class Scope {
  // A private field, not a property: an object that merely looks like a Scope fails when it is read.
  readonly #organizationId: Expression<string>;

  private constructor(organizationId: Expression<string>) {
    this.#organizationId = organizationId;
  }

  static {
    scopeOf = (organizationId) => new Scope(organizationId);
  }

  /** To compare `organization_id` with. */
  get organizationId(): Expression<string> {
    return this.#organizationId;
  }
}

/**
 * The scope of a statement that also proves an API key (see lib/api-keys/bearer.ts): the organization that the request
 * names if it is the key's own, else null, so that no row is found. In any other statement it is an error.
 */
export const bearerScope = scopeOf(sql`(
  select organization_id from bearer where organization_id = ${parameter("organizationId")}
)`);

interface Identity {
  kind: Kind;
  organizationId: string;
  personId?: string;
}

/**
 * The proof of who is asking, for which organization, and with which permissions. Only this file can make one, so a
 * function that takes a Viewer cannot be reached by anybody unproven.
 */
export class Viewer {
  readonly #identity: Identity;

  private constructor(identity: Identity) {
    this.#identity = identity;
  }

  get organizationId(): string {
    return this.#identity.organizationId;
  }

  /** Where every query of the organization's rows starts. */
  get scope(): Scope {
    return scopeOf(sql.val(this.organizationId));
  }

  /** The signed-in person; null for an operator and for an API key. */
  get personId(): string | null {
    return this.#identity.personId ?? null;
  }

  /** @throws HttpError 403 for every organization but the viewer's own. */
  requireOrganization(organizationId: string): void {
    if (organizationId !== this.organizationId) throw organizationForbidden;
  }

  /** Whether the viewer has a permission. */
  may(permission: Permission): boolean {
    return may(this.#identity.kind, permission);
  }

  /** @throws HttpError 403 when the viewer does not have the permission. */
  require(permission: Permission): void {
    if (!this.may(permission)) throw refusalOf(permission);
  }

  /**
   * The bearer of an API key sees the key's own organization, whatever the person who created the key may see.
   *
   * @throws HttpError 401 without a usable key, 429 with `Retry-After` when the key asks too often.
   */
  static async fromApiKey(headers: Headers): Promise<Viewer> {
    const found = await usableApiKey(sql.val(bearerHash(headers))).executeTakeFirst();
    if (!found) throw invalidApiKey;
    await throttle(found.id);
    recordUse(found);
    return new Viewer({ kind: "api key", organizationId: found.organization_id });
  }

  /**
   * Parses the request of an API key's bearer. Where that fails the key is looked up first: without a usable key the
   * answer is 401, whatever else is wrong (contract: 401 before 400).
   *
   * @throws HttpError as fromApiKey does, else whatever `parse` throws.
   */
  static async parseForApiKey<T>(headers: Headers, parse: () => T): Promise<T> {
    try {
      return parse();
    } catch (error) {
      await Viewer.fromApiKey(headers);
      throw error;
    }
  }

  /**
   * A signed-in person sees the organizations where they are a member, in the role they have there now.
   *
   * @throws HttpError 404 for every other, whether it exists or not.
   */
  static async fromPerson(person: Person, organizationId: string): Promise<Viewer> {
    const membership = await person.findMembership(organizationId);
    if (!membership) throw organizationNotFound;
    return new Viewer({ kind: membership.role, organizationId, personId: person.id });
  }

  /**
   * @param db a transaction, to see an organization that it has made.
   * @throws HttpError 404 when there is no such organization.
   */
  static async fromOperator(operator: Operator, organizationId: string, db = database()): Promise<Viewer> {
    Operator.prove(operator);
    const found = await db
      .selectFrom("organizations")
      .select("id")
      .where("id", "=", organizationId)
      .executeTakeFirst();
    if (!found)
      throw new HttpError(404, "organization_not_found", `Organization ${organizationId} not found`);
    return new Viewer({ kind: "operator", organizationId: found.id });
  }
}
