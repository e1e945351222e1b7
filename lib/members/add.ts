import { sql } from "kysely";
import type { Role } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";

/**
 * Makes a person who has an account a member of the viewer's organization.
 *
 * @param email normalized, as it is stored.
 * @throws HttpError 404 when nobody has this address, 409 for a member.
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
  if (!found) throw new HttpError(404, "user_not_found", `No user with the email address ${email}`);
  if (!found.is_new) throw new HttpError(409, "already_member", `${email} is already a member`);
}
