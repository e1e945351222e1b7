import { z } from "zod";
import { exportContacts } from "@/lib/batch-jobs/export-contacts";
import { FileParameters } from "@/lib/batch-jobs/schema";
import { contactStatuses } from "@/lib/contacts/status";
import { identifier } from "@/lib/format/text";
import { csvHeaders } from "@/lib/http/csv-export";
import { endpoint } from "@/lib/http/endpoint";
import { HttpError } from "@/lib/http/http-error";
import { routeMethods } from "@/lib/http/methods";
import { parseQuery } from "@/lib/http/parse-query";
import { quoted } from "@/lib/http/quoted";
import { csvForPerson } from "../csv-for-person";
import { readJobAddress } from "../jobs/[batchJobId]/read-address";
import { jobAddress } from "../jobs/job-address";

const ContactsFileParameters = FileParameters.pick({ organizationId: true, bom: true }).extend({
  id: z.array(identifier).length(1, "must be given once"),
});

/** The contacts of a job's page as a CSV file, whatever its page, for someone who is signed in. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to export contacts", async (request) => {
    const { searchParams } = new URL(request.url);
    const parameters = Object.fromEntries(searchParams);
    const { query } = readJobAddress(parameters.id ?? "", parameters);
    const page = jobAddress({ ...query, organizationId: parameters.organizationId ?? "" });
    return csvForPerson(page, async ({ authorize, date }) => {
      const { organizationId, id, bom } = parseQuery(ContactsFileParameters, searchParams);
      const { status, q } = query;
      if (parameters.status !== undefined && status === undefined) {
        const detail = `status must be one of ${contactStatuses.join(", ")}; got ${quoted(parameters.status)}`;
        throw new HttpError(400, "invalid_status", detail);
      }
      const [batchJobId = ""] = id;
      const file = await exportContacts(
        request.method,
        { batchJobId, status, search: q, bom },
        (isNewRequest) => authorize(isNewRequest, organizationId),
      );
      return new Response(file, { headers: csvHeaders("contacts", batchJobId, date) });
    });
  }),
});
