import { sql, type Transaction } from "kysely";
import type { Database } from "@/db/schema";
import type { Role } from "../access/permissions";
import { organizationNotFound } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

/** How the viewer stands in a transaction in which nobody else changes who belongs to the organization. */
export interface OrganizationLock {
  db: Transaction<Database>;
  /** The viewer's role, now; an operator acts as an owner. */
  actor: Role;
}

/**
 * Does something about who belongs to the viewer's organization while nobody else does. Who was removed in the moment
 * before acts no more, and who was given another role acts in that one. Writers of jobs and keys do not wait for it.
 *
 * @throws HttpError 404 when the viewer is no member any more.
 */
export async function withOrganizationLock<T>(
  viewer: Viewer,
  act: (turn: OrganizationLock) => Promise<T>,
): Promise<T> {
  return database()
    .transaction()
    .execute(async (db) => {
      await sql`select from organizations where id = ${viewer.organizationId} for no key update`.execute(db);
      const { personId } = viewer;
      if (personId === null) return act({ db, actor: "owner" });
      const own = await db
        .selectFrom("memberships")
        .where("organization_id", "=", viewer.organizationId)
        .where("user_id", "=", personId)
        .select("role")
        .executeTakeFirst();
      if (!own) throw organizationNotFound;
      return act({ db, actor: own.role });
    });
}
