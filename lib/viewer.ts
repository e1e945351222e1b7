import { type Expression, sql } from "kysely";
import {
  askBearer,
  type Bearer,
  bearerHash,
  invalidApiKey,
  noteUse,
  scopeOfBearer,
  usableApiKey,
} from "./api-keys/bearer";
import { isThrottling, throttle } from "./api-keys/throttle";
import { database } from "./database";
import { Operator } from "./operator";
import type { Person } from "./person";
import type { Question } from "./question";
import { Refusal } from "./refusal";
import { runKept } from "./statement";
import { type Kind, mayOrRefuse, organizationForbidden, organizationNotFound } from "./viewer-kinds";

/** Where only the statement knows the organization, it has the `scope` instead. */
type Known = { kind: Kind; organizationId?: string; scope?: Expression<string>; personId?: string };

/**
 * The proof of who is asking and for which organization. Only this file can make one, so a function that
 * takes a Viewer cannot be reached by anybody unproven.
 */
export class Viewer {
  // A private field, not a property: an object that merely looks like a Viewer fails when it is read.
  readonly #known: Known;

  private constructor(known: Known) {
    this.#known = known;
  }

  /** For statements: the organization of the rows that this viewer may see. */
  get scope(): Expression<string> {
    return this.#known.scope ?? sql.val(this.organizationId);
  }

  /** @throws for a viewer that is proven within a statement: it is one for many organizations. */
  get organizationId(): string {
    const { organizationId } = this.#known;
    if (organizationId === undefined) throw new Error("Known only within the statement: use scope");
    return organizationId;
  }

  /** Of the person who is looking; null for an operator and for an API key. */
  get personId(): string | null {
    return this.#known.personId ?? null;
  }

  /** @throws Refusal 403 for every organization but the viewer's own. */
  mustBeOf(organizationId: string): void {
    if (organizationId !== this.#known.organizationId) throw organizationForbidden;
  }

  // These throw a Refusal 403 for all others; for an API key each of them does, as it reads batch jobs alone.

  /** Owners only. */
  mustManage(): void {
    mayOrRefuse("manage", this.#known.kind);
  }

  /** Owners and admins. */
  mustManageMembers(): void {
    mayOrRefuse("manageMembers", this.#known.kind);
  }

  /** All people of the organization. */
  mustBelong(): void {
    mayOrRefuse("inquire", this.#known.kind);
  }

  /**
   * The bearer of an API key sees the key's own organization, whatever the person who made it may see.
   * Expiry and revocation are part of the lookup, so they bite on the next request.
   *
   * @throws Refusal 401 without a usable key, 429 with `Retry-After` when the key asks too often.
   */
  static async fromApiKey(headers: Headers): Promise<Viewer> {
    const found = await usableApiKey(sql.val(bearerHash(headers))).executeTakeFirst();
    return Viewer.#admit(found);
  }

  static async #admit(found: Bearer | undefined): Promise<Viewer> {
    if (!found) throw invalidApiKey;
    await throttle(found.id);
    noteUse(found);
    return new Viewer({ kind: "api key", organizationId: found.organization_id });
  }

  /**
   * Reads what the bearer of an API key asks for. Only where that fails is the key looked up by itself: who is not
   * known is told so first (contract: 401 before 400).
   *
   * @throws Refusal as fromApiKey does, else whatever `read` throws.
   */
  static async readByApiKey<T>(headers: Headers, read: () => T): Promise<T> {
    try {
      return read();
    } catch (error) {
      await Viewer.fromApiKey(headers);
      throw error;
    }
  }

  /**
   * Asks for the bearer of an API key: proof and answer are one statement and one round trip. Where keys are throttled
   * the key comes first, so that one that asks too often costs no more than that.
   *
   * @throws Refusal as fromApiKey does, and as mustBeOf does.
   */
  static async askByApiKey<O>(
    headers: Headers,
    question: Question<O>,
  ): Promise<{ viewer: Viewer; answer: O }> {
    const keyHash = bearerHash(headers);
    const { organizationId, columns, values } = question;
    const admitted = isThrottling() ? await Viewer.fromApiKey(headers) : undefined;
    admitted?.mustBeOf(organizationId);
    const [found] = await runKept(
      question,
      () => askBearer(question.answer(new Viewer({ kind: "api key", scope: scopeOfBearer })), columns),
      { ...values, organizationId, keyHash },
    );
    const viewer = admitted ?? (await Viewer.#admit(found));
    viewer.mustBeOf(organizationId);
    if (!found) throw invalidApiKey;
    return { viewer, answer: found };
  }

  /**
   * A signed-in person sees the organizations where they are a member, in the role they have there now.
   *
   * @throws Refusal 404 for every other, whether it exists or not.
   */
  static async fromPerson(person: Person, organizationId: string): Promise<Viewer> {
    const membership = await person.findMembership(organizationId);
    if (!membership) throw organizationNotFound;
    return new Viewer({ kind: membership.role, organizationId, personId: person.id });
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
    return new Viewer({ kind: "operator", organizationId: found.id });
  }
}
