import { z } from "zod";
import { Viewer } from "@/lib/access/viewer";
import { findJobForPage, versionOf } from "@/lib/batch-jobs/job-for-page";
import { jobNotFound } from "@/lib/batch-jobs/lock";
import { JobsParameters } from "@/lib/batch-jobs/schema";
import { identifier } from "@/lib/format/text";
import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { parseQuery } from "@/lib/http/parse-query";
import { recordLivePage } from "@/lib/server/counters";
import { findPerson, signedOut } from "../../signed-in";

const LiveJobQuery = JobsParameters.pick({ organizationId: true }).extend({
  id: z.array(identifier).length(1),
});

/** Tells an open page of a job whether anything on it has changed. Internal: its shape may change at any time. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to refresh batch job", async (request) => {
    const person = await findPerson(false);
    if (!person) throw signedOut;
    const { organizationId, id } = parseQuery(LiveJobQuery, new URL(request.url).searchParams);
    const viewer = await Viewer.fromPerson(person, organizationId);
    const job = await findJobForPage(viewer, id[0] ?? "");
    if (!job) throw jobNotFound;
    recordLivePage(person.sessionId, organizationId, job.id);
    const answer = { version: versionOf(job), asOfMs: job.as_of.getTime() };
    // Nothing stays in the browser after signing out.
    return json(answer, { "Cache-Control": "private, no-store" });
  }),
});
