import { sql } from "kysely";
import { z } from "zod";
import { Operator } from "../access/operator";
import { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { newIdentifier } from "../format/identifier";
import { HttpError } from "../http/http-error";
import { createOrganization } from "../organizations/create";
import { NewOrganization } from "../organizations/schema";
import { createUser } from "../users/create";
import { hashPassword } from "../users/password";
import { NewUser } from "../users/schema";

/** The form of the first start. An organization that moves here from elsewhere brings its id along. */
export const Setup = z.object({
  setupCode: z.string({ error: "must be the setup code that the server printed when it started" }),
  organizationName: NewOrganization.shape.name,
  organizationId: NewOrganization.shape.id.optional(),
  name: NewUser.shape.name,
  email: NewUser.shape.email,
  password: NewUser.shape.password,
});
export type Setup = z.infer<typeof Setup>;

// Nothing makes it untrue again, so it need not be asked twice.
let wasSetUp = false;

/** Whether there is anybody who can sign in. Answers no question about anyone. */
export async function isSetUp(): Promise<boolean> {
  if (wasSetUp) return true;
  const { rows } = await sql<{ some: boolean }>`select exists (select from users) as some`.execute(
    database(),
  );
  wasSetUp = rows[0]?.some ?? false;
  return wasSetUp;
}

/**
 * Makes the first organization and its owner: all of it or nothing, and once.
 *
 * @throws HttpError 422 for a wrong code, 409 when there is an owner already or the id is taken.
 */
export async function setUp(wanted: Setup): Promise<void> {
  // Guesses are not counted: a count would let anybody keep the operator out, and nobody guesses 80 random bits.
  const operator = Operator.fromSetupCode(wanted.setupCode);
  const passwordHash = await hashPassword(wanted.password);
  await database()
    .transaction()
    .execute(async (transaction) => {
      // Of two who do this at once, the second waits here and then finds that it is done.
      await sql`lock table users in share row exclusive mode`.execute(transaction);
      const { rows } = await sql`select 1 from users limit 1`.execute(transaction);
      if (rows.length > 0)
        throw new HttpError(409, "already_set_up", "This server is already set up. Sign in.");
      const id = wanted.organizationId ?? newIdentifier("org");
      await createOrganization(operator, { id, name: wanted.organizationName }, transaction);
      const viewer = await Viewer.fromOperator(operator, id, transaction);
      const { email, name, password } = wanted;
      await createUser(viewer, { email, name, password, role: "owner" }, transaction, passwordHash);
    });
  wasSetUp = true;
}
