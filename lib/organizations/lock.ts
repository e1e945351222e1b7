import { sql, type Transaction } from "kysely";
import type { Database } from "@/db/schema";
import { organizationNotFound, type Role } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

/** A transaction that holds the organization's lock. */
export interface OrganizationLock {
  db: Transaction<Database>;
  /** The viewer's current role; an operator acts as an owner. */
  viewerRole: Role;
}

/**
 * Changes the members or invitations of the viewer's organization in a transaction, one at a time, with the role that
 * the viewer has then. Writers of jobs and keys do not wait for it.
 *
 * @throws HttpError 404 when the viewer is no longer a member.
 */
export async function withOrganizationLock<T>(
  viewer: Viewer,
  change: (lock: OrganizationLock) => Promise<T>,
): Promise<T> {
  return database()
    .transaction()
    .execute(async (db) => {
      await sql`select from organizations where id = ${viewer.organizationId} for no key update`.execute(db);
      const { personId } = viewer;
      if (personId === null) return change({ db, viewerRole: "owner" });
      const own = await db
        .selectFrom("memberships")
        .where("organization_id", "=", viewer.organizationId)
        .where("user_id", "=", personId)
        .select("role")
        .executeTakeFirst();
      if (!own) throw organizationNotFound;
      return change({ db, viewerRole: own.role });
    });
}
