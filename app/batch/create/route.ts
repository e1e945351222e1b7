import { Viewer } from "@/lib/access/viewer";
import { createBatchJob } from "@/lib/batch-jobs/create";
import { BatchJobForm, fieldsOfForm } from "@/lib/batch-jobs/form";
import { limitCreations } from "@/lib/batch-jobs/limit-creations";
import { CreateQuery, NewBatchJob, skippedRowsMax } from "@/lib/batch-jobs/schema";
import { readCsvContacts } from "@/lib/contacts/read-csv";
import { type Answer, endpoint, withHeaders } from "@/lib/http/endpoint";
import { parseJsonBody, readUpload } from "@/lib/http/json-body";
import { routeMethods } from "@/lib/http/methods";
import { parseMultipartBody } from "@/lib/http/multipart-body";
import { parseFields } from "@/lib/http/parse-fields";
import { ignoredParameters, parseRequestQuery } from "@/lib/http/parse-query";
import { prefersStrict } from "@/lib/http/prefer";
import { mediaType } from "@/lib/http/read-body";
import { withIdempotency } from "@/lib/idempotency/with-idempotency";

const isForm = (request: Request) => mediaType(request) === "multipart/form-data";
const failure = (request: Request) =>
  isForm(request) ? "Failed to process CSV file" : "Failed to create batch job";

/** `POST /batch/create` of the contract, with JSON, or with a form that has a CSV file. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: endpoint(failure, async (request) => {
    const viewer = await Viewer.forWrite(request, "manageBatchJobs");
    const { query, headers } = parseRequestQuery(CreateQuery, request);
    const bytes = await readUpload(request);
    const answer = await limitCreations(bytes.length, () => create(viewer, request, bytes, query.include));
    return withHeaders(answer, headers);
  }),
});

const otherType = ", or multipart/form-data with a CSV file";

async function create(viewer: Viewer, request: Request, bytes: Buffer, include: string[]): Promise<Answer> {
  const { body, job, skippedRows, schema } = isForm(request)
    ? await readForm(fieldsOfForm(await parseMultipartBody(request, bytes)), request)
    : readJson(parseJsonBody(request, bytes, { otherType }), request);
  const named = skippedRows.slice(0, skippedRowsMax);
  const answer = await withIdempotency(viewer, request, [body, include], async (db) => ({
    ...(await createBatchJob(viewer, job, db)),
    ...(include.includes("skippedRows") && { skippedRows: named, skippedRowsTotal: skippedRows.length }),
  }));
  const names = new URLSearchParams(Object.keys(body).map((name) => [name, ""]));
  return withHeaders(answer, {
    ...ignoredParameters(schema, names),
    ...(named.length > 0 && { "X-Skipped-Rows": named.map(({ row }) => row).join(", ") }),
  });
}

function readJson(body: Record<string, unknown>, { headers }: Request) {
  const job = parseFields(prefersStrict(headers) ? NewBatchJob.strict() : NewBatchJob, body);
  return { body, job, skippedRows: [], schema: NewBatchJob };
}

async function readForm(body: Record<string, unknown>, { headers }: Request) {
  const { file, ...fields } = parseFields(
    prefersStrict(headers) ? BatchJobForm.strict() : BatchJobForm,
    body,
  );
  const { contacts, refused: skippedRows } = await readCsvContacts(file);
  // Compare the parsed contacts, not the bytes: the same file may be sent again with other line endings.
  return {
    body: { ...body, file: contacts },
    job: { ...fields, contacts },
    skippedRows,
    schema: BatchJobForm,
  };
}
