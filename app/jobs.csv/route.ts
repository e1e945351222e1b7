import { cookies } from "next/headers";
import { Person } from "@/lib/access/person";
import { Viewer } from "@/lib/access/viewer";
import { sessionCookieName } from "@/lib/auth/cookies";
import { exportBatchJobs } from "@/lib/batch-jobs/export";
import { FileParameters } from "@/lib/batch-jobs/schema";
import { localTime } from "@/lib/format/local-time";
import { csvHeaders } from "@/lib/http/csv-export";
import { endpoint } from "@/lib/http/endpoint";
import { HttpError } from "@/lib/http/http-error";
import { routeMethods } from "@/lib/http/methods";
import { parseQuery } from "@/lib/http/parse-query";
import { findPerson, shownZone, signedOut } from "../signed-in";

/** To a page, as it is people who follow the link. */
const redirect = (path: string) => new Response(null, { status: 303, headers: { Location: path } });

/** The list of the jobs page as a CSV file, whatever its page, for someone who is signed in. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to export batch jobs", async (request) => {
    const { searchParams } = new URL(request.url);
    const list = `/jobs?${searchParams}`;
    const reader = await findPerson();
    if (!reader) return redirect(`/sign-in?callbackUrl=${encodeURIComponent(list)}`);
    const query = parseQuery(FileParameters, searchParams);
    const token = (await cookies()).get(sessionCookieName())?.value;
    const authorize = async (isNewRequest: boolean) => {
      const person = isNewRequest ? reader : await Person.fromSession(token, false);
      if (!person) throw signedOut;
      return Viewer.fromPerson(person, query.organizationId);
    };
    const { date } = localTime(new Date(), (await shownZone(reader)).name);
    try {
      const file = await exportBatchJobs(request.method, query, authorize);
      return new Response(file, { headers: csvHeaders("batch-jobs", query.organizationId, date) });
    } catch (error) {
      if (error instanceof HttpError && error.status === 429) return redirect(`${list}&error=${error.code}`);
      throw error;
    }
  }),
});
