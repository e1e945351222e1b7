import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

export async function renameOrganization(viewer: Viewer, name: string): Promise<void> {
  viewer.require("manageOrganization");
  await database()
    .updateTable("organizations")
    .set({ name })
    .where("id", "=", viewer.organizationId)
    .execute();
}
