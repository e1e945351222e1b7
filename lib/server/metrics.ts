import type { Registry } from "prom-client";
import { schemaVersion } from "@/db/migrate";
import { readCallMetrics } from "../calls/call-metrics";
import { poolUsage } from "../database/database";
import { environment } from "../environment";
import { version } from "../version";
import { counters, countLivePages } from "./counters";
import { onRequestFinished, requestsInProgress } from "./observe-request";

/** In seconds. Responses are due within five. */
const durationBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Starts to collect what an operator watches, named as Prometheus recommends. Loaded only when it is asked for. */
export async function collectMetrics(): Promise<Registry> {
  const { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  const registers = [registry];
  // Of the process and of Node.js, such as nodejs_eventloop_lag_p99_seconds.
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });

  new Gauge({
    name: "batch_jobs_build_info",
    help: "The version that runs: 1.",
    labelNames: ["version", "build", "schema"],
    registers,
  }).set({ version, build: environment().BATCH_JOBS_BUILD ?? "", schema: schemaVersion }, 1);

  const durations = new Histogram({
    name: "batch_jobs_http_request_duration_seconds",
    help: "How long requests took, until the response was sent. Status 499: the client disconnected.",
    labelNames: ["method", "route", "status"],
    buckets: durationBuckets,
    registers,
  });
  onRequestFinished(({ method, route, status, ms }) =>
    durations.observe({ method, route, status }, ms / 1_000),
  );
  gauge(
    "batch_jobs_http_requests_in_progress",
    "Requests that wait or are being answered.",
    requestsInProgress,
  );
  new Counter({
    name: "batch_jobs_http_requests_rejected_total",
    help: "Requests rejected because there were too many at once.",
    registers,
    collect() {
      this.reset();
      this.inc(counters.requestsRejected);
    },
  });

  new Gauge({
    name: "batch_jobs_database_pool_connections",
    help: "Connections to PostgreSQL by state: used or idle.",
    labelNames: ["state"],
    registers,
    collect() {
      const { used, idle } = poolUsage();
      this.set({ state: "used" }, used);
      this.set({ state: "idle" }, idle);
    },
  });
  gauge(
    "batch_jobs_database_pool_connections_max",
    "DATABASE_POOL_MAX.",
    () => environment().DATABASE_POOL_MAX,
  );
  gauge(
    "batch_jobs_database_pool_waiting",
    "Statements and transactions that wait for a connection to PostgreSQL.",
    () => poolUsage().waiting,
  );

  // Of all instances together. Absent while PostgreSQL can't be asked, which must not make the other metrics fail.
  for (const [name, field, help] of [
    ["batch_jobs_calls_in_progress", "callsInProgress", "Calls that are claimed or under way."],
    [
      "batch_jobs_jobs_due",
      "jobsDue",
      "Jobs whose contacts dialers may get now, of up to 5,000 that have not ended.",
    ],
    [
      "batch_jobs_dialer_last_seen_seconds",
      "dialerLastSeenSeconds",
      "Since any dialer last asked for calls or extended one. Absent without any.",
    ],
  ] as const) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const value = (await readCallMetrics())?.[field] ?? undefined;
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  gauge("batch_jobs_live_pages", "Pages that refreshed themselves in the last 45 seconds.", countLivePages);
  new Counter({
    name: "batch_jobs_sign_ins_refused_total",
    help: "Sign-ins refused, by the code of the error.",
    labelNames: ["code"],
    registers,
    collect() {
      this.reset();
      for (const [code, count] of counters.signInsRefused) this.inc({ code }, count);
    },
  });
  return registry;
}
