import { sql, type Transaction } from "kysely";
import type { Database } from "@/db/schema";
import type { Role } from "../access/permissions";
import type { Person } from "../access/person";
import { sessionSetCookie } from "../auth/cookies";
import { deviceSetCookie } from "../auth/device-cookie";
import { limitTrustedAttempts } from "../auth/limit-attempts";
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
  /** Whether the invited person has an account, so that they sign in to join. */
  hasAccount: boolean;
}

const invalidInvitation = new HttpError(
  404,
  "invitation_not_good",
  "This invitation was accepted, cancelled or has expired. Ask for a new link",
);

/** The open invitation of a link's token: whoever has the link may read it. */
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

/** Deletes the invitation: if it is used twice at the same time, one fails. @throws HttpError 404. */
async function consumeInvitation(db: Transaction<Database>, token: string) {
  const invitation = await db
    .deleteFrom("invitations")
    .where("token_hash", "=", hashToken(token) ?? Buffer.alloc(0))
    .where(sql<boolean>`expires_at > now()`)
    .returning(["organization_id", "email", "role"])
    .executeTakeFirst();
  if (!invitation) throw invalidInvitation;
  return invitation;
}

/**
 * Creates an account with the invitation's address, makes it a member and signs the person in.
 *
 * @returns the organization's id, and values of `Set-Cookie` for their session.
 * @throws HttpError 404 for an invalid invitation, 409 when the address has an account, 429, 503.
 */
export async function joinWithNewAccount(
  token: string,
  { name, password }: JoinForm,
  browser: { userAgent: string | undefined; deviceCookie: string | undefined },
): Promise<{ organizationId: string; setCookies: string[] }> {
  // Before hashing, so that strangers cannot cause the work.
  const invitation = await findInvitation(token);
  if (!invitation) throw invalidInvitation;
  if (invitation.hasAccount) throw emailTaken(invitation.email);
  const passwordHash = await limitTrustedAttempts(`link ${token}`, () => hashPassword(password));
  const { userId, organizationId } = await database()
    .transaction()
    .execute(async (db) => {
      const { organization_id: organizationId, email, role } = await consumeInvitation(db, token);
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
 * Makes the signed-in person a member, if the invitation is theirs.
 *
 * @returns the organization's id.
 * @throws HttpError 404 for an invalid invitation, 409 for somebody else's.
 */
export async function joinAsPerson(token: string, person: Person): Promise<string> {
  return database()
    .transaction()
    .execute(async (db) => {
      const { organization_id, email, role } = await consumeInvitation(db, token);
      if (email !== person.email) {
        throw new HttpError(409, "invitation_of_another", `This invitation is for ${email}`);
      }
      // A person who has become a member meanwhile keeps their role.
      await db
        .insertInto("memberships")
        .values({ organization_id, user_id: person.id, role })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return organization_id;
    });
}
