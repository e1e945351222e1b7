import { Viewer } from "@/lib/access/viewer";
import { findActivity } from "@/lib/batch-jobs/activity";
import { RefreshQuery, refreshBatchJobs } from "@/lib/batch-jobs/jobs-summary";
import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { parseQuery } from "@/lib/http/parse-query";
import { recordLivePage } from "@/lib/server/counters";
import { jobsSnapshot } from "../../jobs/jobs-snapshot";
import { findPerson, shownZone, signedOut } from "../../signed-in";

/** Refreshes the jobs page. Internal: its shape may change at any time. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to refresh batch jobs", async (request) => {
    const person = await findPerson(false);
    if (!person) throw signedOut;
    const query = parseQuery(RefreshQuery, new URL(request.url).searchParams);
    const viewer = await Viewer.fromPerson(person, query.organizationId);
    recordLivePage(person.sessionId, query.organizationId, ...query.status);
    const [refreshed, activity, zone] = await Promise.all([
      refreshBatchJobs(viewer, query),
      findActivity(viewer, query.ids, { ofOrganization: true }),
      shownZone(person),
    ]);
    // Nothing stays in the browser after signing out.
    return json(jobsSnapshot(refreshed, activity, zone.name), { "Cache-Control": "private, no-store" });
  }),
});
