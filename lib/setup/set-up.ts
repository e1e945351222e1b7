import { sql } from "kysely";
import { z } from "zod";
import { Operator } from "../access/operator";
import { Viewer } from "../access/viewer";
import { sessionSetCookie } from "../auth/cookies";
import { deviceSetCookie } from "../auth/device-cookie";
import { database } from "../database/database";
import { newIdentifier } from "../format/identifier";
import { HttpError } from "../http/http-error";
import { createOrganization } from "../organizations/create";
import { NewOrganization } from "../organizations/schema";
import { startSession } from "../sessions/session";
import { createUser } from "../users/create";
import { hashPassword } from "../users/password";
import { NewUser } from "../users/schema";

/** An organization that moves here from another server can keep its id. */
export const Setup = z.object({
  setupCode: z.string({ error: "must be the setup code that the server printed when it started" }),
  organizationName: NewOrganization.shape.name,
  organizationId: NewOrganization.shape.id.optional(),
  name: NewUser.shape.name,
  email: NewUser.shape.email,
  password: NewUser.shape.password,
});
export type Setup = z.infer<typeof Setup>;

// Once true, it stays true.
let wasSetUp = false;

/** Whether any user exists. */
export async function isSetUp(): Promise<boolean> {
  if (wasSetUp) return true;
  const { rows } = await sql<{ some: boolean }>`select exists (select from users) as some`.execute(
    database(),
  );
  wasSetUp = rows[0]?.some ?? false;
  return wasSetUp;
}

/**
 * Creates the first organization and its owner in one transaction, once, and signs them in.
 *
 * @returns the organization's id, and values of `Set-Cookie` for their session.
 * @throws HttpError 422 for a wrong code, 409 when the server is already set up or the id is taken.
 */
export async function setUp(
  setup: Setup,
  browser: { userAgent: string | undefined; deviceCookie: string | undefined },
): Promise<{ organizationId: string; setCookies: string[] }> {
  // Attempts are not limited: a limit would let strangers lock out the operator, and 80 random bits cannot be guessed.
  const operator = Operator.fromSetupCode(setup.setupCode);
  const passwordHash = await hashPassword(setup.password);
  const { email } = setup;
  const { userId, organizationId } = await database()
    .transaction()
    .execute(async (transaction) => {
      // A concurrent setup waits here and then fails.
      await sql`lock table users in share row exclusive mode`.execute(transaction);
      const { rows } = await sql`select 1 from users limit 1`.execute(transaction);
      if (rows.length > 0)
        throw new HttpError(409, "already_set_up", "This server is already set up. Sign in.");
      const id = setup.organizationId ?? newIdentifier("org");
      await createOrganization(operator, { id, name: setup.organizationName }, transaction);
      const viewer = await Viewer.fromOperator(operator, id, transaction);
      const { name, password } = setup;
      const owner = { email, name, password, role: "owner" } as const;
      return { userId: await createUser(viewer, owner, transaction, passwordHash), organizationId: id };
    });
  wasSetUp = true;
  const sessionToken = await startSession(userId, passwordHash, browser.userAgent);
  if (!sessionToken) return { organizationId, setCookies: [] };
  const account = { id: userId, email, passwordHash };
  return {
    organizationId,
    setCookies: [sessionSetCookie(sessionToken), deviceSetCookie(browser.deviceCookie, account)],
  };
}
