import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { deleteSavedView } from "@/lib/saved-views/delete";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to delete the view",
    page: "views",
    fields: z.object({ id: identifier }),
    permission: "viewSettings",
  },
  async ({ viewer, fields }) => {
    await deleteSavedView(viewer, fields.id);
    return { done: "deleted" };
  },
);
