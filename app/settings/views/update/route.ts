import { SavedViewChange } from "@/lib/saved-views/schema";
import { updateSavedView } from "@/lib/saved-views/update";
import { organizationFormHandler } from "../../form-handler";

/** Renames a view, and makes it the default or no longer. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to change the view",
    page: "views",
    fields: SavedViewChange,
    permission: "viewSettings",
  },
  async ({ viewer, fields }) => {
    await updateSavedView(viewer, fields);
    return { done: "changed" };
  },
);
