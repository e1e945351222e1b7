import { Viewer } from "@/lib/access/viewer";
import { listWatchedJobs, WatchedQuery } from "@/lib/batch-jobs/watched";
import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { parseQuery } from "@/lib/http/parse-query";
import { findPerson, signedOut } from "../../signed-in";

/** Tells a browser whether the jobs watched in it have ended. Internal: its shape may change at any time. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to refresh watched jobs", async (request) => {
    const person = await findPerson(false);
    if (!person) throw signedOut;
    const query = parseQuery(WatchedQuery, new URL(request.url).searchParams);
    const viewer = await Viewer.fromPerson(person, query.organizationId);
    const jobs = await listWatchedJobs(viewer, query);
    // Nothing stays in the browser after signing out.
    return json({ jobs }, { "Cache-Control": "private, no-store" });
  }),
});
