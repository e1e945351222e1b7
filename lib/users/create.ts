import type { Kysely } from "kysely";
import { violatedConstraint } from "@/db/failure";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { newIdentifier } from "../format/identifier";
import { HttpError } from "../http/http-error";
import { hashPassword } from "./password";
import type { NewUser } from "./schema";

export function emailTaken(email: string): HttpError {
  return new HttpError(409, "email_taken", `A user with the email address ${email} already exists`);
}

/**
 * Creates a user and their membership in one statement.
 *
 * @param db the database, or a transaction to do more in it.
 * @returns the new user's id.
 * @throws HttpError 409 when the email address is taken.
 */
export async function insertUser(
  db: Kysely<Database>,
  organizationId: string,
  user: Omit<NewUser, "password">,
  passwordHash: string,
): Promise<string> {
  const id = newIdentifier("user");
  try {
    await db
      .with("person", (query) =>
        query
          .insertInto("users")
          .values({ id, email: user.email, name: user.name ?? null, password_hash: passwordHash })
          .returning("id"),
      )
      .insertInto("memberships")
      .columns(["organization_id", "user_id", "role"])
      .expression((query) =>
        query
          .selectFrom("person")
          .select(({ val }) => [val(organizationId).as("organization_id"), "id", val(user.role).as("role")]),
      )
      .execute();
  } catch (error) {
    if (violatedConstraint(error) !== "users_email_unique") throw error;
    throw emailTaken(user.email);
  }
  return id;
}

/**
 * Creates a member of the viewer's organization.
 *
 * @param db a transaction, to do more in it.
 * @param passwordHash of the user's password, if it was hashed before a transaction: hashing takes too long for one.
 * @returns the new user's id.
 * @throws HttpError 409 when the email address is taken, 503 when too many passwords are being hashed.
 */
export async function createUser(
  viewer: Viewer,
  user: NewUser,
  db = database(),
  passwordHash?: string,
): Promise<string> {
  viewer.require("manageOrganization");
  return insertUser(db, viewer.organizationId, user, passwordHash ?? (await hashPassword(user.password)));
}
