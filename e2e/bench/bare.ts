import { createServer } from "node:http";
import pg from "pg";

/**
 * A yardstick: the least that a program in Node can do for a page of jobs, with `node:http` and pg. No key, no
 * total, no contract: the page's query alone, as JSON.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: "-c jit=off" });
const text = `
  select id, name, description, status, organization_id, agent_id, from_phone_number_id, total_contacts,
    contacts_processed, successful_calls, failed_calls, scheduled_start_time, actual_start_time, completed_at,
    created_at, concurrent_call_limit, retry_max_attempts, retry_retryable_statuses
  from batch_jobs where organization_id = $1 order by created_at desc, id desc limit 20
`;

createServer(async (request, response) => {
  const organizationId = new URL(request.url ?? "", "http://localhost").searchParams.get("organizationId");
  const { rows } = await pool.query({ name: "page", text, values: [organizationId] });
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ batchJobs: rows }));
}).listen(Number(process.env.PORT), "127.0.0.1");
