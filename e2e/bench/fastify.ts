import { createHash } from "node:crypto";
import Fastify from "fastify";
import pg from "pg";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";

/**
 * A yardstick: the list as one would write it by hand with Fastify and pg: the key, the total and the page, each by a
 * prepared statement, the last two at once, and a response by schema. The page is skipped to, and the total is counted.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: "-c jit=off" });

const key = `
  select organization_id from api_keys
  where key_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())
`;
const where = "where organization_id = $1 and ($2::text[] is null or status = any ($2))";
const total = `select count(*)::int as total from batch_jobs ${where}`;
const page = `
  select id, name, description, status, organization_id as "organizationId", agent_id as "agentId",
    from_phone_number_id as "fromPhoneNumberId", total_contacts as "totalContacts",
    contacts_processed as "contactsProcessed", successful_calls as "successfulCalls", failed_calls as "failedCalls",
    scheduled_start_time as "scheduledStartTime", actual_start_time as "actualStartTime",
    completed_at as "completedAt", created_at as "createdAt", concurrent_call_limit as "concurrentCallLimit",
    json_build_object('maxAttempts', retry_max_attempts, 'retryableStatuses', retry_retryable_statuses) as "retryPolicy"
  from batch_jobs ${where} order by created_at desc, id desc limit $3 offset $4
`;

const [string, integer] = [{ type: "string" }, { type: "integer" }] as const;
const time = { type: ["string", "null"], format: "date-time" } as const;
const properties = {
  ...{ id: string, name: string, description: { type: ["string", "null"] }, status: string },
  ...{ organizationId: string, agentId: string, fromPhoneNumberId: string },
  ...{ totalContacts: integer, contactsProcessed: integer, successfulCalls: integer, failedCalls: integer },
  ...{ scheduledStartTime: time, actualStartTime: time, completedAt: time, createdAt: time },
  concurrentCallLimit: integer,
  retryPolicy: {
    type: "object",
    properties: { maxAttempts: integer, retryableStatuses: { type: "array", items: string } },
  },
};
const querystring = {
  type: "object",
  required: ["organizationId"],
  properties: {
    organizationId: { ...string, pattern: "^[A-Za-z0-9_-]{1,128}$" },
    status: { ...string, pattern: `^(${batchJobStatuses.join("|")})(,(${batchJobStatuses.join("|")}))*$` },
    page: { ...integer, minimum: 1, maximum: 1_000_000_000, default: 1 },
    pageSize: { ...integer, minimum: 1, maximum: 100, default: 20 },
  },
};
const answer = {
  type: "object",
  properties: {
    batchJobs: { type: "array", items: { type: "object", properties } },
    ...{ total: integer, page: integer, pageSize: integer },
  },
};

interface Query {
  organizationId: string;
  status?: string;
  page: number;
  pageSize: number;
}

const app = Fastify();
app.get<{ Querystring: Query }>(
  "/batch/jobs",
  { schema: { querystring, response: { 200: answer } } },
  async ({ query, headers }, reply) => {
    const hash = createHash("sha256")
      .update(headers.authorization?.replace(/^Bearer /i, "") ?? "")
      .digest();
    const { rows } = await pool.query({ name: "key", text: key, values: [hash] });
    if (rows.length === 0) return reply.code(401).send({ detail: "Invalid API key" });
    if (rows[0].organization_id !== query.organizationId)
      return reply.code(403).send({ detail: "Not this key's" });
    const filter = [query.organizationId, query.status?.split(",") ?? null];
    const values = [...filter, query.pageSize, (query.page - 1) * query.pageSize];
    const [counted, found] = await Promise.all([
      pool.query({ name: "total", text: total, values: filter }),
      pool.query({ name: "page", text: page, values }),
    ]);
    return {
      batchJobs: found.rows,
      total: counted.rows[0].total,
      page: query.page,
      pageSize: query.pageSize,
    };
  },
);
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
