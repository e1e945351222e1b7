import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

/** Gives the viewer's organization another name. Its id, by which programs name it, stays. */
export async function renameOrganization(viewer: Viewer, name: string): Promise<void> {
  viewer.require("manageOrganization");
  await database()
    .updateTable("organizations")
    .set({ name })
    .where("id", "=", viewer.organizationId)
    .execute();
}
