import { type Expression, type SqlBool, sql } from "kysely";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import { database } from "../database/database";
import { logError } from "../log";
import { isSessionActive } from "../sessions/session";
import { hashToken } from "../sessions/token";
import { type Role, rolesWith } from "./permissions";

export interface Membership {
  organizationId: string;
  organizationName: string;
  role: Role;
}

/** How many memberships are listed: as many as fit into a menu, as a person may belong to thousands of organizations. */
const listedMembershipsMax = 10;

function membershipsOf(userId: Expression<string>) {
  return database()
    .selectFrom("memberships")
    .innerJoin("organizations", "organizations.id", "memberships.organization_id")
    .select([
      "organization_id as organizationId",
      "organizations.name as organizationName",
      "memberships.role",
    ])
    .where("memberships.user_id", "=", userId);
}

interface Found {
  id: string;
  sessionId: string;
  email: string;
  name: string | null;
  timeZone: string | null;
  lastOrganizationId: string | null;
  memberships: Membership[];
  mayCreateOrganization: SqlBool;
}

const isLastSeenStale = sql<boolean>`sessions.last_seen_at < now() - interval '5 minutes'`;

/** Records the use of a session, at most every five minutes: not awaited, and skipped if the row is locked. */
function recordLastSeen(hash: Buffer): void {
  sql`
    update sessions set last_seen_at = now() where token_hash = (
      select token_hash from sessions where token_hash = ${hash} for update skip locked
    )
  `
    .execute(database())
    .catch((error) => logError("failed to update sessions.last_seen_at", error));
}

/**
 * Proof of a signed-in person. Only this file can create one. `Viewer.fromPerson` says what they may see of an
 * organization.
 */
export class Person {
  readonly #found: Found;

  /** Memberships found later by `findMembership`. */
  readonly #others = new Map<string, Membership>();

  private constructor(found: Found) {
    this.#found = found;
  }

  get id(): string {
    return this.#found.id;
  }

  /** The session of this request. */
  get sessionId(): string {
    return this.#found.sessionId;
  }

  get email(): string {
    return this.#found.email;
  }

  get name(): string | null {
    return this.#found.name;
  }

  /** null for the browser's time zone. */
  get timeZone(): string | null {
    return this.#found.timeZone;
  }

  get lastOrganizationId(): string | null {
    return this.#found.lastOrganizationId;
  }

  /** Whether their role in any of their organizations lets them create another. */
  get mayCreateOrganization(): boolean {
    return this.#found.mayCreateOrganization === true;
  }

  /**
   * The person's memberships by organization name, but only some if `hasManyMemberships`. Read with each request, so a
   * change takes effect immediately.
   */
  get someMemberships(): readonly Membership[] {
    return this.#found.memberships;
  }

  /** Whether they belong to more organizations than a menu can list. */
  get hasManyMemberships(): boolean {
    return this.#found.memberships.length > listedMembershipsMax;
  }

  /**
   * Finds the person's current membership in an organization; undefined if they are not a member. Runs a query only if
   * `hasManyMemberships`, and once for each organization.
   */
  async findMembership(organizationId: string): Promise<Membership | undefined> {
    const known =
      this.#found.memberships.find((one) => one.organizationId === organizationId) ??
      this.#others.get(organizationId);
    if (known || !this.hasManyMemberships) return known;
    const found = await membershipsOf(sql.val(this.id))
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    if (found) this.#others.set(organizationId, found);
    return found;
  }

  /**
   * The person of a session, in one query; undefined when it has ended or never existed.
   *
   * @param token the cookie's value, not validated yet.
   * @param isUse whether this counts as use of the session, which extends it.
   */
  static async fromSession(token: string | undefined, isUse = true): Promise<Person | undefined> {
    const hash = hashToken(token ?? "");
    if (!hash) return undefined;
    const found = await database()
      .selectFrom("sessions")
      .innerJoin("users", "users.id", "sessions.user_id")
      .select(["users.id", "sessions.id as sessionId", "email", "users.name", "time_zone as timeZone"])
      .select(["last_organization_id as lastOrganizationId", isLastSeenStale.as("isLastSeenStale")])
      .select((eb) =>
        jsonArrayFrom(
          // Any of them: sorting thousands would take longer than the rest of the page.
          eb
            .selectFrom(
              membershipsOf(eb.ref("users.id"))
                .limit(listedMembershipsMax + 1)
                .as("few"),
            )
            .select(["organizationId", "organizationName", "role"])
            .orderBy("organizationName")
            .orderBy("organizationId"),
        ).as("memberships"),
      )
      .select((eb) =>
        eb
          .exists(
            eb
              .selectFrom("memberships")
              .select("organization_id")
              .whereRef("memberships.user_id", "=", "users.id")
              .where("memberships.role", "in", rolesWith("createOrganization")),
          )
          .as("mayCreateOrganization"),
      )
      .where("token_hash", "=", hash)
      .where(isSessionActive)
      .executeTakeFirst();
    if (!found) return undefined;
    if (isUse && found.isLastSeenStale) recordLastSeen(hash);
    return new Person(found);
  }
}
