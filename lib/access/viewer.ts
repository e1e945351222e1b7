import { type Expression, sql } from "kysely";
import { bearerHash, insufficientScope, invalidApiKey, recordUse, usableApiKey } from "../api-keys/bearer";
import { enforceRateLimit } from "../api-keys/rate-limit";
import { parameter, runCached } from "../database/cached-statement";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { setCaller } from "../server/current-response";
import { Operator } from "./operator";
import {
  type ApiKeyScope,
  apiKeyScopeFor,
  may,
  organizationForbidden,
  organizationNotFound,
  type Permission,
  permissionError,
  type ViewerKind,
} from "./permissions";
import type { Person } from "./person";

let createOrganizationScope: (organizationId: Expression<string>) => OrganizationScope;

/**
 * The organization whose rows a statement may read. Only this file can create one, so a query that starts from an
 * OrganizationScope cannot be built without authorization.
 */
export class OrganizationScope {
  // Private, so that reading it fails for an object that only looks like an OrganizationScope.
  readonly #organizationId: Expression<string>;

  private constructor(organizationId: Expression<string>) {
    this.#organizationId = organizationId;
  }

  static {
    createOrganizationScope = (organizationId) => new OrganizationScope(organizationId);
  }

  /** The organization's id, to compare `organization_id` with. */
  get organizationId(): Expression<string> {
    return this.#organizationId;
  }
}

/**
 * The scope of a statement that also authenticates an API key (`withBearer` in lib/api-keys/bearer.ts): the requested
 * organization if it is the key's own, else null, which matches no row. Any other statement with it fails.
 */
export const bearerScope = createOrganizationScope(sql`(
  select organization_id from bearer where organization_id = ${parameter("organizationId")}
)`);

/** The scope of a statement that also authenticates an API key, for a request that names no organization: the key's own. */
export const bearerOwnScope = createOrganizationScope(sql`(select organization_id from bearer)`);

/** The scope of a statement that runByViewer runs: the viewer's organization. Any other statement with it finds nothing. */
export const viewerScope = createOrganizationScope(parameter("organizationId"));

/** @throws HttpError 403 when no scope of an API key gives the permission. */
export function requireApiKeyScope(
  { scopes }: { scopes: readonly ApiKeyScope[] },
  permission: Permission,
): void {
  if (may("api key", permission, scopes)) return;
  const needed = apiKeyScopeFor(permission);
  throw needed ? insufficientScope(needed, scopes) : permissionError(permission);
}

interface Identity {
  kind: ViewerKind;
  organizationId: string;
  personId?: string;
  apiKey?: { id: string; scopes: readonly ApiKeyScope[] };
}

/**
 * Proof of who is asking, for which organization and with which permissions. Only this file can create one, so a
 * function that takes a Viewer cannot be called without authorization.
 */
export class Viewer {
  readonly #identity: Identity;

  private constructor(identity: Identity) {
    this.#identity = identity;
  }

  get organizationId(): string {
    return this.#identity.organizationId;
  }

  /** Every query of the organization's rows starts from this. */
  get scope(): OrganizationScope {
    return createOrganizationScope(sql.val(this.organizationId));
  }

  /** null for an operator and an API key. */
  get personId(): string | null {
    return this.#identity.personId ?? null;
  }

  /** null for an operator and a person. */
  get apiKeyId(): string | null {
    return this.#identity.apiKey?.id ?? null;
  }

  /** @throws HttpError 403 for every organization but the viewer's own. */
  requireOrganization(organizationId: string): void {
    if (organizationId !== this.organizationId) throw organizationForbidden;
  }

  may(permission: Permission): boolean {
    return may(this.#identity.kind, permission, this.#identity.apiKey?.scopes);
  }

  /** @throws HttpError 403 when the viewer does not have the permission. */
  require(permission: Permission): void {
    if (this.#identity.apiKey) requireApiKeyScope(this.#identity.apiKey, permission);
    else if (!this.may(permission)) throw permissionError(permission);
  }

  /**
   * An API key sees its own organization, whatever the person who created it may see.
   *
   * @param permission that the request needs.
   * @param options.isNewRequest false to check the key once more during a request.
   * @throws HttpError 401 without a usable key, 429 with `Retry-After` above the key's rate limit, 403 when no scope of
   *   the key gives the permission.
   */
  static async fromApiKey(
    headers: Headers,
    permission: Permission,
    { isNewRequest = true } = {},
  ): Promise<Viewer> {
    const [found] = await runCached(
      { name: "API key", isPrepared: true },
      () => usableApiKey(parameter("keyHash")).compile(),
      { keyHash: bearerHash(headers) },
    );
    if (!found) throw invalidApiKey;
    setCaller({ organizationId: found.organization_id });
    if (isNewRequest) await enforceRateLimit(found.id);
    recordUse(found);
    const { id, organization_id: organizationId, scopes } = found;
    const viewer = new Viewer({ kind: "api key", organizationId, apiKey: { id, scopes } });
    viewer.require(permission);
    return viewer;
  }

  /**
   * Authenticates a write with an API key. It needs no `organizationId`: one in the query must be the key's own, or empty.
   *
   * @throws HttpError as fromApiKey; 403 for another organization.
   */
  static async forWrite({ headers, url }: Request, permission: Permission): Promise<Viewer> {
    const viewer = await Viewer.fromApiKey(headers, permission);
    for (const id of new URL(url).searchParams.getAll("organizationId")) {
      if (id !== "") viewer.requireOrganization(id);
    }
    return viewer;
  }

  /**
   * Parses a request made with an API key. If that fails, the key is checked first: without a usable key the answer is
   * 401, and without the scope 403, whatever else is wrong (contract: 401 before 400).
   *
   * @throws HttpError as fromApiKey, else what `parse` throws.
   */
  static async parseForApiKey<T>(headers: Headers, permission: Permission, parse: () => T): Promise<T> {
    try {
      return parse();
    } catch (error) {
      await Viewer.fromApiKey(headers, permission);
      throw error;
    }
  }

  /**
   * A person sees the organizations they are a member of, in their current role.
   *
   * @throws HttpError 404 for every other organization, whether it exists or not.
   */
  static async fromPerson(person: Person, organizationId: string): Promise<Viewer> {
    const membership = await person.findMembership(organizationId);
    if (!membership) throw organizationNotFound;
    setCaller({ organizationId });
    return new Viewer({ kind: membership.role, organizationId, personId: person.id });
  }

  /** The server itself, for what it does without being asked. It may only settle calls. */
  static fromServer(organizationId: string): Viewer {
    return new Viewer({ kind: "server", organizationId });
  }

  /**
   * @param db a transaction, to see an organization created in it.
   * @throws HttpError 404 when the organization does not exist.
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
