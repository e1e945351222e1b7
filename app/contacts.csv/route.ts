import { cookies } from "next/headers";
import { z } from "zod";
import { Person } from "@/lib/access/person";
import { Viewer } from "@/lib/access/viewer";
import { sessionCookieName } from "@/lib/auth/cookies";
import { exportContacts } from "@/lib/batch-jobs/export-contacts";
import { FileParameters } from "@/lib/batch-jobs/schema";
import { localTime } from "@/lib/format/local-time";
import { identifier } from "@/lib/format/text";
import { csvHeaders } from "@/lib/http/csv-export";
import { endpoint } from "@/lib/http/endpoint";
import { HttpError } from "@/lib/http/http-error";
import { routeMethods } from "@/lib/http/methods";
import { parseQuery } from "@/lib/http/parse-query";
import { readJobAddress } from "../jobs/[batchJobId]/read-address";
import { jobAddress } from "../jobs/job-address";
import { findPerson, shownZone, signedOut } from "../signed-in";

const ContactsFileParameters = FileParameters.pick({ organizationId: true, bom: true }).extend({
  id: z.array(identifier).length(1, "must be given once"),
});

/** To a page, as it is people who follow the link. */
const redirect = (path: string) => new Response(null, { status: 303, headers: { Location: path } });

/** The contacts of a job's page as a CSV file, whatever its page, for someone who is signed in. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to export contacts", async (request) => {
    const { searchParams } = new URL(request.url);
    const parameters = Object.fromEntries(searchParams);
    const { query, notices } = readJobAddress(parameters.id ?? "", parameters);
    const page = jobAddress({ ...query, organizationId: parameters.organizationId ?? "" });
    const reader = await findPerson();
    if (!reader) return redirect(`/sign-in?callbackUrl=${encodeURIComponent(page)}`);
    const { organizationId, id, bom } = parseQuery(ContactsFileParameters, searchParams);
    const [notice] = notices;
    if (notice) throw new HttpError(400, "invalid_status", notice);
    const token = (await cookies()).get(sessionCookieName())?.value;
    const authorize = async (isNewRequest: boolean) => {
      const person = isNewRequest ? reader : await Person.fromSession(token, false);
      if (!person) throw signedOut;
      return Viewer.fromPerson(person, organizationId);
    };
    const { date } = localTime(new Date(), (await shownZone(reader)).name);
    const [batchJobId = ""] = id;
    const { status, q } = query;
    try {
      const file = await exportContacts(request.method, { batchJobId, status, search: q, bom }, authorize);
      return new Response(file, { headers: csvHeaders("contacts", batchJobId, date) });
    } catch (error) {
      if (error instanceof HttpError && error.status === 429) return redirect(`${page}&error=${error.code}`);
      throw error;
    }
  }),
});
