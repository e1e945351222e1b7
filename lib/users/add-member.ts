import { sql } from "kysely";
import { database } from "../database";
import { Refusal } from "../refusal";
import type { Viewer } from "../viewer";
import type { Role } from "../viewer-kinds";

/**
 * Makes a person who has an account a member of the viewer's organization too.
 *
 * @param email in lower case, as it is stored.
 * @throws Refusal 404 when nobody has this address, 409 when they are a member already.
 */
export async function addMember(viewer: Viewer, email: string, role: Role): Promise<void> {
  viewer.require("manageOrganization");
  const { rows } = await sql<{ is_new: boolean }>`
    with person as (select id from users where email = ${email}),
    membership as (
      insert into memberships (organization_id, user_id, role)
      select ${viewer.organizationId}, id, ${role} from person
      on conflict do nothing
      returning user_id
    )
    select exists (select from membership) as is_new from person
  `.execute(database());
  const [found] = rows;
  if (!found) throw new Refusal(404, "user_not_found", `There is no user with the email address ${email}`);
  if (!found.is_new) throw new Refusal(409, "already_member", `${email} is a member already`);
}
