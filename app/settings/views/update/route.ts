import { JobViewChange } from "@/lib/job-views/schema";
import { updateJobView } from "@/lib/job-views/update";
import { organizationFormHandler } from "../../form-handler";

/** Renames a view, and makes it the default or no longer. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to change the view",
    page: "views",
    fields: JobViewChange,
    permission: "viewSettings",
  },
  async ({ viewer, fields }) => {
    await updateJobView(viewer, fields);
    return { done: "changed" };
  },
);
