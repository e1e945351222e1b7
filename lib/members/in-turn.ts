import { sql, type Transaction } from "kysely";
import type { Database } from "@/db/schema";
import { database } from "../database";
import type { Role } from "../role";
import type { Viewer } from "../viewer";
import { lastOwner, memberNotFound } from "./rules";

interface Standing {
  db: Transaction<Database>;
  /** Of who acts, now; an operator acts as an owner. */
  actor: Role;
  /** Of whom it is about, now. */
  target: Role;
  /** @throws Refusal 409 when it is about the only owner. */
  mustNotBeLastOwner(): void;
}

/**
 * Does something about a member of the viewer's organization while nobody else does: of two owners who leave at
 * once, the second finds that they are the last one; and who has just been demoted acts no more. Writers of jobs
 * and keys do not wait for it.
 *
 * @throws Refusal 404 when there is no such member, 403 when the viewer is none any more.
 */
export async function inTurn(
  viewer: Viewer,
  userId: string,
  act: (standing: Standing) => Promise<void>,
): Promise<void> {
  await database()
    .transaction()
    .execute(async (db) => {
      await sql`select from organizations where id = ${viewer.organizationId} for no key update`.execute(db);
      const members = await db
        .selectFrom("memberships")
        .where("organization_id", "=", viewer.organizationId)
        .where((eb) =>
          eb.or([eb("role", "=", "owner"), eb("user_id", "in", [userId, viewer.personId ?? userId])]),
        )
        .select(["user_id", sql<Role>`role`.as("role")])
        .execute();
      const roleOf = (id: string) => members.find(({ user_id }) => user_id === id)?.role;
      const target = roleOf(userId);
      const actor = viewer.personId === null ? "owner" : roleOf(viewer.personId);
      if (target === undefined || actor === undefined) throw memberNotFound;
      const owners = members.filter(({ role }) => role === "owner").length;
      const mustNotBeLastOwner = () => {
        if (target === "owner" && owners === 1) throw lastOwner;
      };
      await act({ db, actor, target, mustNotBeLastOwner });
    });
}
