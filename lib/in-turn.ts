import { sql, type Transaction } from "kysely";
import type { Database } from "@/db/schema";
import { database } from "./database";
import type { Viewer } from "./viewer";
import type { Role } from "./viewer-kinds";
import { organizationNotFound } from "./viewer-kinds";

/** How the viewer stands in a transaction in which nobody else changes who belongs to the organization. */
export interface Turn {
  db: Transaction<Database>;
  /** The viewer's role, now; an operator acts as an owner. */
  actor: Role;
}

/**
 * Does something about who belongs to the viewer's organization while nobody else does. Who was removed in the moment
 * before acts no more, and who was given another role acts in that one. Writers of jobs and keys do not wait for it.
 *
 * @throws Refusal 404 when the viewer is no member any more.
 */
export async function inTurn<T>(viewer: Viewer, act: (turn: Turn) => Promise<T>): Promise<T> {
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
        .select(sql<Role>`role`.as("role"))
        .executeTakeFirst();
      if (!own) throw organizationNotFound;
      return act({ db, actor: own.role });
    });
}
