import createClient, { type Client } from "openapi-fetch";
import type { components, operations, paths } from "./openapi.js";
import { makeSend, type SendOptions } from "./send.js";

export { ApiError, type ErrorCode } from "./api-error.js";
export type { components, operations, paths, SendOptions };

export interface ClientOptions extends SendOptions {
  /** The server's address, such as `https://jobs.example.com`. */
  url: string;
  apiKey: string;
}

/**
 * Of one call: `signal` aborts it with its retries, `cache: "no-store"` makes no conditional request of it. An
 * `Idempotency-Key` of your own in `headers` lets a program repeat a write after a restart.
 */
export type CallOptions = Pick<RequestInit, "cache" | "signal"> & { headers?: Record<string, string> };

type Schemas = components["schemas"];
type Query<Id extends keyof operations> = NonNullable<operations[Id]["parameters"]["query"]>;
type ListQuery = Query<"listBatchJobs">;
/** What a list is filtered by, and its order. */
export type JobFilters = Omit<ListQuery, "bom" | "cursor" | "format" | "page" | "total">;
type PageOfJobs = Schemas["BatchJobSearch"];
/** A job of a list, with `updatedAt` and `health` if `include` asks for them. */
export type BatchJob = PageOfJobs["batchJobs"][number];

/** The jobs of all pages of a list. */
export interface Jobs extends AsyncIterable<BatchJob> {
  /** The `updatedSince` for the next time, with which no change is missed. Undefined until all jobs have been read. */
  nextUpdatedSince?: string;
}

/**
 * A client of the Batch Jobs API with a method for each of its operations, which returns the body of the response. It
 * throws ApiError for a response that is an error, and what `fetch` throws when the connection fails, after retries.
 */
export class BatchJobsClient implements Record<keyof operations, unknown> {
  readonly #api: Client<paths, "application/json">;

  /** @throws TypeError for a URL that isn't one of http or https, and without an API key. */
  constructor({ url, apiKey, ...sending }: ClientOptions) {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw new TypeError(
        `url must be an address that begins with http:// or https://; got ${JSON.stringify(url)}`,
      );
    }
    if (!apiKey) throw new TypeError("apiKey is missing: it must be an API key, such as tk_live_…");
    this.#api = createClient<paths, "application/json">({
      baseUrl: url,
      headers: { Authorization: `Bearer ${apiKey}` },
      querySerializer: { array: { style: "form", explode: false } },
      fetch: makeSend(sending),
    });
  }

  /** A page of jobs. */
  listBatchJobs(query: Omit<ListQuery, "bom" | "format">, options?: CallOptions): Promise<PageOfJobs> {
    return bodyOf(this.#api.GET("/batch/jobs", { params: { query }, ...options }));
  }

  /**
   * All jobs, read page by page: those that are there from the beginning to the end come exactly once. With
   * `updatedSince`, only jobs that have changed since, of which some may come again the next time.
   */
  jobs(filters: JobFilters, options?: CallOptions): Jobs {
    const api = this.#api;
    return {
      async *[Symbol.asyncIterator]() {
        for (let cursor: string | null | undefined = ""; typeof cursor === "string"; ) {
          const query = { pageSize: 100, ...filters, cursor, total: "none" as const };
          // No page is read twice, so none is worth storing.
          const sent = api.GET("/batch/jobs", { params: { query }, ...options, cache: "no-store" });
          const page: PageOfJobs = await bodyOf(sent);
          yield* page.batchJobs;
          cursor = page.nextCursor;
          if (typeof cursor === "string") continue;
          this.nextUpdatedSince = (await sent).response.headers.get("X-Next-Updated-Since") ?? undefined;
        }
      },
    };
  }

  /** The jobs of all pages as CSV. */
  exportBatchJobs(query: JobFilters & Pick<ListQuery, "bom">, options?: CallOptions) {
    const params = { query: { ...query, format: "csv" as const } };
    const given = { params, parseAs: "stream" as const, ...options, cache: "no-store" as const };
    return bodyOf(this.#api.GET("/batch/jobs", given));
  }

  /** A job with a page of its contacts. */
  getBatchJob(batchJobId: string, query?: Query<"getBatchJob">, options?: CallOptions) {
    const params = { path: { batchJobId }, query };
    return bodyOf(this.#api.GET("/batch/jobs/{batchJobId}", { params, ...options }));
  }

  createBatchJob(body: Schemas["NewBatchJob"], options?: CallOptions) {
    return bodyOf(this.#api.POST("/batch/create", { body, ...options }));
  }

  /** Creates a batch job from a CSV file of contacts. */
  createBatchJobFromCsv(
    { file, ...fields }: Omit<Schemas["BatchJobForm"], "file"> & { file: Blob },
    query?: Query<"createBatchJob">,
    options?: CallOptions,
  ) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value ?? ""));
    form.append("file", file);
    const given = {
      params: { query },
      // For its type, in which a file is a string. What is sent is the form.
      body: { ...fields, file: "" },
      bodySerializer: () => form,
      ...options,
    };
    return bodyOf(this.#api.POST("/batch/create", given));
  }

  startBatchJob(batchJobId: string, options?: CallOptions) {
    const params = { path: { batchJobId } };
    return bodyOf(this.#api.POST("/batch/jobs/{batchJobId}/start", { params, ...options }));
  }

  cancelBatchJob(batchJobId: string, options?: CallOptions) {
    const params = { path: { batchJobId } };
    return bodyOf(this.#api.POST("/batch/jobs/{batchJobId}/cancel", { params, ...options }));
  }

  rescheduleBatchJob(batchJobId: string, query: Query<"rescheduleBatchJob">, options?: CallOptions) {
    const params = { path: { batchJobId }, query };
    return bodyOf(this.#api.PATCH("/batch/jobs/{batchJobId}/reschedule", { params, ...options }));
  }

  /** The same, for networks that let no PATCH through. */
  rescheduleBatchJobByPost(batchJobId: string, query: Query<"rescheduleBatchJob">, options?: CallOptions) {
    const params = { path: { batchJobId }, query };
    return bodyOf(this.#api.POST("/batch/jobs/{batchJobId}/reschedule", { params, ...options }));
  }

  getRedisStatus(batchJobId: string, options?: CallOptions) {
    const params = { path: { batchJobId } };
    return bodyOf(this.#api.GET("/batch/jobs/{batchJobId}/redis-status", { params, ...options }));
  }

  /** For dialers: reserves contacts that are due. Call `permitDialing` before dialing one. */
  claimCalls(body: Schemas["ClaimRequest"], options?: CallOptions) {
    return bodyOf(this.#api.POST("/batch/calls/claim", { body, ...options }));
  }

  /** For dialers: asks to dial, or extends the lease of a call that goes on. */
  permitDialing(callId: string, body: Schemas["DialingRequest"] = {}, options?: CallOptions) {
    const params = { path: { callId } };
    return bodyOf(this.#api.POST("/batch/calls/{callId}/dialing", { params, body, ...options }));
  }

  /** For dialers: reports how a call ended. */
  reportResult(callId: string, body: Schemas["ResultRequest"], options?: CallOptions) {
    const params = { path: { callId } };
    return bodyOf(this.#api.POST("/batch/calls/{callId}/result", { params, body, ...options }));
  }

  /** For dialers whose trunk or agent is gone. */
  failBatchJob(batchJobId: string, body: Schemas["FailRequest"], options?: CallOptions) {
    const params = { path: { batchJobId } };
    return bodyOf(this.#api.POST("/batch/jobs/{batchJobId}/fail", { params, body, ...options }));
  }
}

/** The body of a successful response: `makeSend` returns no other. */
async function bodyOf<Sent extends { data?: unknown }>(sent: Promise<Sent>) {
  return (await sent).data as NonNullable<Sent["data"]>;
}
