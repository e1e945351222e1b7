import { jobsAddress, readQuery } from "@/lib/batch-jobs/address";
import { saveView } from "@/lib/saved-views/save";
import { SavedViewForm } from "@/lib/saved-views/schema";
import { organizationFormHandler } from "../../form-handler";

/** The jobs page that shows a view. */
const jobsPage = (organizationId = "", query = "") => jobsAddress({ ...readQuery(query), organizationId });

/** Saves what the jobs page shows. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to save the view",
    page: ({ organizationId, query }) => jobsPage(organizationId, query),
    draft: ["name"],
    fields: SavedViewForm,
    permission: "viewSettings",
  },
  async ({ viewer, fields }) => {
    const query = await saveView(viewer, fields);
    return { path: `${jobsPage(viewer.organizationId, query)}&done=saved` };
  },
);
