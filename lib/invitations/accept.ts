import { sql, type Transaction } from "kysely";
import type { Database } from "@/db/schema";
import type { Role } from "../access/permissions";
import type { Person } from "../access/person";
import { sessionSetCookie } from "../auth/cookies";
import { deviceSetCookie } from "../auth/device-cookie";
import { countProven } from "../auth/throttle";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { startSession } from "../sessions/session";
import { hashToken } from "../sessions/token";
import { emailTaken, insertUser } from "../users/create";
import { hashPassword } from "../users/password";
import type { JoinForm } from "./schema";

export interface OpenInvitation {
  organizationId: string;
  organizationName: string;
  email: string;
  role: Role;
  inviter: string | null;
  /** Whether somebody has an account with this address: they sign in with it and join. */
  hasAccount: boolean;
}

const notGood = new HttpError(
  404,
  "invitation_not_good",
  "This invitation was accepted, cancelled or has expired. Ask for a new link",
);

/** The invitation that a link's token names, while it is good. Whoever has the link may read it. */
export async function findInvitation(token: string): Promise<OpenInvitation | undefined> {
  const hash = hashToken(token);
  if (!hash) return undefined;
  return database()
    .selectFrom("invitations")
    .innerJoin("organizations", "organizations.id", "invitations.organization_id")
    .leftJoin("users as inviter", "inviter.id", "invited_by_user_id")
    .where("token_hash", "=", hash)
    .where(sql<boolean>`expires_at > now()`)
    .select(["organization_id as organizationId", "organizations.name as organizationName"])
    .select(["invitations.email", "invitations.role"])
    .select(sql<string | null>`coalesce(inviter.name, inviter.email)`.as("inviter"))
    .select(sql<boolean>`exists (select from users where users.email = invitations.email)`.as("hasAccount"))
    .executeTakeFirst();
}

/** Uses an invitation up: of two who bring it at once, one finds it. @throws HttpError 404. */
async function take(db: Transaction<Database>, token: string) {
  const taken = await db
    .deleteFrom("invitations")
    .where("token_hash", "=", hashToken(token) ?? Buffer.alloc(0))
    .where(sql<boolean>`expires_at > now()`)
    .returning(["organization_id", "email", "role"])
    .executeTakeFirst();
  if (!taken) throw notGood;
  return taken;
}

/**
 * Makes an account for whom is invited, with the address that the invitation names, a member, and signs them in.
 *
 * @returns the organization's id, and values of `Set-Cookie` for their session.
 * @throws HttpError 404 for an invitation that is not good, 409 when there is an account with that address, 429, 503.
 */
export async function joinAsNewPerson(
  token: string,
  { name, password }: JoinForm,
  browser: { userAgent: string | undefined; deviceCookie: string | undefined },
): Promise<{ organizationId: string; setCookies: string[] }> {
  // Before the work of hashing: a stranger shall not get us to do it.
  const invitation = await findInvitation(token);
  if (!invitation) throw notGood;
  if (invitation.hasAccount) throw emailTaken(invitation.email);
  const passwordHash = await countProven(`link ${token}`, () => hashPassword(password));
  const { userId, organizationId } = await database()
    .transaction()
    .execute(async (db) => {
      const { organization_id: organizationId, email, role } = await take(db, token);
      const userId = await insertUser(db, organizationId, { email, name, role }, passwordHash);
      return { userId, organizationId };
    });
  const sessionToken = await startSession(userId, passwordHash, browser.userAgent);
  if (!sessionToken) return { organizationId, setCookies: [] };
  const account = { id: userId, email: invitation.email, passwordHash };
  return {
    organizationId,
    setCookies: [sessionSetCookie(sessionToken), deviceSetCookie(browser.deviceCookie, account)],
  };
}

/**
 * Makes a signed-in person a member, if they are the one who is invited.
 *
 * @returns the organization's id.
 * @throws HttpError 404 for an invitation that is not good, 409 for somebody else's.
 */
export async function joinAsPerson(token: string, person: Person): Promise<string> {
  return database()
    .transaction()
    .execute(async (db) => {
      const { organization_id, email, role } = await take(db, token);
      if (email !== person.email) {
        throw new HttpError(409, "invitation_of_another", `This invitation is for ${email}`);
      }
      // Who became a member in another way keeps the role that they have.
      await db
        .insertInto("memberships")
        .values({ organization_id, user_id: person.id, role })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return organization_id;
    });
}
