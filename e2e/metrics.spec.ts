import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  insertApiKey,
  insertDialableJob,
  insertMembership,
  insertOrganization,
  insertUser,
  testDatabase,
} from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { fileOf, requirePackage } from "./debian-packages";
import { postSignIn } from "./fixtures";
import { expect, freePort, test } from "./process";
import { secret } from "./servers";

// What a real Prometheus is told, and that the example alert rules fit it.

const root = path.resolve(import.meta.dirname, "..");
const rules = path.join(root, "lib/server/alert-rules.yml");
const token = "a-token-for-tests-only";

interface Answer<T> {
  status: string;
  data: T;
}

/** Starts a Prometheus that scrapes one target each second. @returns how to ask its API. */
async function startPrometheus(directory: string, target: string) {
  requirePackage("prometheus");
  const port = await freePort();
  await mkdir(directory);
  const configuration = path.join(directory, "prometheus.yml");
  await writeFile(
    configuration,
    [
      "global: { scrape_interval: 1s, evaluation_interval: 1s }",
      `rule_files: [${JSON.stringify(rules)}]`,
      "scrape_configs:",
      "  - job_name: batch-jobs",
      `    authorization: { credentials: ${token} }`,
      `    static_configs: [{ targets: ["${target}"] }]`,
    ].join("\n"),
  );
  const child = spawn(
    fileOf("prometheus"),
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${path.join(directory, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const ask = async <T>(address: string): Promise<T | undefined> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${address}`).catch(() => undefined);
    return response && ((await response.json()) as Answer<T>).data;
  };
  return {
    ask,
    /** The latest values of an expression, with their labels. */
    query: async (expression: string) => {
      const found = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
        `query?query=${encodeURIComponent(expression)}`,
      );
      return (found?.result ?? []).map(({ metric, value }) => ({ ...metric, value: Number(value[1]) }));
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function promtool(words: string[], input?: string) {
  requirePackage("prometheus");
  const { status, stdout, stderr } = spawnSync("promtool", words, { input, encoding: "utf8" });
  return { status, text: stdout + stderr };
}

test("Prometheus scrapes what the server does, with a bounded number of series, and its rules load", async ({
  workshop,
  playwright,
}) => {
  test.setTimeout(90_000);
  const organizationId = await insertOrganization();
  const key = makeApiKey();
  await insertApiKey(organizationId, key, { scopes: ["read", "dial"] });
  const user = await insertUser();
  await insertMembership(organizationId, user.id);
  const [port, metricsPort] = [await freePort(), await freePort()];
  const address = `http://localhost:${port}`;
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    PORT: String(port),
    LOG_REQUESTS: "off",
    METRICS_PORT: String(metricsPort),
    METRICS_TOKEN: token,
  });
  await running.shows("Stop with Ctrl-C");
  const prometheus = await startPrometheus(
    path.join(workshop.directory, "prometheus"),
    `127.0.0.1:${metricsPort}`,
  );

  const metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  const bearer = { Authorization: `Bearer ${token}` };
  const statusOf = (url: string, options?: RequestInit) => fetch(url, options).then(({ status }) => status);
  // It listens a moment after the other port.
  await expect(async () => expect(await statusOf(metrics)).toBe(401)).toPass();
  expect(await statusOf(metrics, { headers: { Authorization: `Bearer ${token}x` } })).toBe(401);
  expect(await statusOf(metrics, { headers: bearer, method: "POST" })).toBe(405);
  expect(await statusOf(metrics.replace("/metrics", "/batch/jobs"), { headers: bearer })).toBe(404);
  expect(await statusOf(`${address}/metrics`, { headers: bearer }), "on the other port").toBe(404);

  const request = await playwright.request.newContext({ baseURL: address, maxRedirects: 0 });
  const list = `/batch/jobs?organizationId=${organizationId}`;
  for (let at = 0; at < 5; at++)
    expect(await statusOf(address + list, { headers: { "x-api-key": key } })).toBe(200);
  await insertDialableJob(organizationId, 3);
  const claim = await request.post("/batch/calls/claim", {
    data: { dialer: "test", max: 2 },
    headers: { "x-api-key": key },
  });
  expect((await claim.json()).calls).toHaveLength(2);
  for (let at = 0; at < 20; at++) {
    await request.get(`/nothing-${at}/private`);
    await request.get(`/batch/calls/call_private_${at}?to=private`);
    await request.get(`/settings/api-keys/key_private_${at}`);
  }
  await postSignIn(request, { ...user, password: "wrong" });
  expect((await postSignIn(request, user)).status()).toBe(200);
  for (const status of ["running", "running", "failed"]) {
    const live = `/live/jobs?organizationId=${organizationId}&status=${status}&since=2025-01-01T00:00:00Z`;
    expect((await request.get(live)).status()).toBe(200);
  }

  const text = await (await fetch(metrics, { headers: bearer })).text();
  const private_ = ["private", organizationId, key.slice(0, 12), user.email, "?"];
  expect(private_.filter((part) => text.includes(part))).toEqual([]);
  const own = text.split("\n").filter((line) => /^(# \w+ )?batch_jobs_/.test(line));
  expect(promtool(["check", "metrics"], `${own.join("\n")}\n`)).toEqual({ status: 0, text: "" });
  const routes = new Set([...text.matchAll(/_count\{.*route="([^"]+)"/g)].map(([, route]) => route));
  // Of the start, which asks until it is answered.
  routes.delete("/health/live");
  expect([...routes].sort()).toEqual([
    ...["/api/auth/{...nextauth}", "/batch/calls/claim", "/batch/jobs", "/batch/{...path}", "/live/jobs"],
    ...["/settings/api-keys/{apiKeyId}", "unmatched"],
  ]);

  const series = (expression: string) =>
    prometheus.query(expression).then((found) => found.map(({ value }) => value));
  const count = "batch_jobs_http_request_duration_seconds_count";
  const info = (await (await fetch(`${address}/health/ready`)).json()) as { version: string };
  const [version = "", build = ""] = info.version.split("+");
  for (const [expression, value] of [
    ['up{job="batch-jobs"}', 1],
    [`${count}{method="GET",route="/batch/jobs",status="200"}`, 5],
    [`${count}{route="unmatched",status="404"}`, 21],
    [`sum(${count}{route="/settings/api-keys/{apiKeyId}"})`, 20],
    ['batch_jobs_http_request_duration_seconds_bucket{route="/live/jobs",le="+Inf"}', 3],
    ["batch_jobs_http_requests_in_progress", 0],
    ["batch_jobs_http_requests_rejected_total", 0],
    ["batch_jobs_database_pool_waiting", 0],
    ['batch_jobs_database_pool_connections{state="used"}', 0],
    ["batch_jobs_database_pool_connections_max", 10],
    ["batch_jobs_live_pages", 2],
    ['batch_jobs_sign_ins_refused_total{code="wrong_credentials"}', 1],
    ['batch_jobs_sign_ins_refused_total{code="too_many_attempts"}', 0],
    [`batch_jobs_build_info{version="${version}",build="${build}"}`, 1],
  ] as const) {
    await expect
      .poll(() => series(expression), { message: expression, timeout: 20_000, intervals: [200] })
      .toEqual([value]);
  }
  // Other tests have calls, too.
  const openCalls = () =>
    testDatabase
      .selectFrom("batch_calls")
      .where("ended_at", "is", null)
      .select(({ fn }) => fn.countAll<number>().as("calls"))
      .executeTakeFirstOrThrow();
  await expect(async () => {
    const { calls } = await openCalls();
    expect(await series("batch_jobs_calls_in_progress")).toEqual([Number(calls)]);
  }).toPass({ timeout: 20_000 });
  expect(await series("batch_jobs_calls_in_progress >= 2")).toHaveLength(1);
  expect(await series("batch_jobs_jobs_due >= 1")).toHaveLength(1);
  expect(await series("batch_jobs_dialer_last_seen_seconds < 90")).toHaveLength(1);
  expect(await series('batch_jobs_database_pool_connections{state="idle"} > 0')).toHaveLength(1);
  expect(await series("nodejs_eventloop_lag_p99_seconds > 0")).toHaveLength(1);
  expect(await series('batch_jobs_build_info{schema=~"0.*"}')).toEqual([1]);

  expect(promtool(["check", "rules", rules]).status).toBe(0);
  type Rules = { groups: { rules: { name: string; health: string; query: string }[] }[] };
  const loaded = (await prometheus.ask<Rules>("rules"))?.groups.flatMap((group) => group.rules) ?? [];
  expect(loaded.map(({ health }) => health)).toEqual(loaded.map(() => "ok"));
  expect(loaded.length).toBe(readFileSync(rules, "utf8").match(/- alert:/g)?.length);
  for (const { query } of loaded) {
    const [name = ""] = /\b(batch_jobs|nodejs)_\w+|\bup\b/.exec(query) ?? [];
    expect(await series(name), `${name} of ${query}`).not.toEqual([]);
  }

  await request.dispose();
  running.child.kill("SIGTERM");
  expect(await running.ended, "it ends with a scraper connected").toEqual({ status: 0, signal: null });
  type Alerts = { alerts: { labels: { alertname: string } }[] };
  const alerts = async () =>
    (await prometheus.ask<Alerts>("alerts"))?.alerts.map(({ labels }) => labels.alertname);
  await expect.poll(alerts, { timeout: 20_000, intervals: [200] }).toEqual(["BatchJobsDown"]);
  await prometheus.stop();
});

test("each example alert fires when what it names happens, and no other does", async ({ workshop }) => {
  const instance = 'job="batch-jobs",instance="a"';
  const duration = "batch_jobs_http_request_duration_seconds";
  const buckets = `${duration}_bucket{${instance},route="/batch/jobs"`;
  /** For each alert, series by the minute: of their names, in promtool's notation. */
  const cases: Record<string, Record<string, string>> = {
    BatchJobsDown: { [`up{${instance}}`]: "0x60" },
    BatchJobsErrors: {
      [`${duration}_count{${instance},status="200"}`]: "0+95x60",
      [`${duration}_count{${instance},status="500"}`]: "0+5x60",
    },
    BatchJobsSlow: {
      [`${buckets},le="1"}`]: "0+90x60",
      [`${buckets},le="2.5"}`]: "0+100x60",
      [`${buckets},le="+Inf"}`]: "0+100x60",
    },
    BatchJobsRejecting: { [`batch_jobs_http_requests_rejected_total{${instance}}`]: "0+60x60" },
    BatchJobsPoolExhausted: { [`batch_jobs_database_pool_waiting{${instance}}`]: "3x60" },
    BatchJobsEventLoopDelayed: { [`nodejs_eventloop_lag_p99_seconds{${instance}}`]: "0.5x60" },
    BatchJobsPasswordGuessing: {
      [`batch_jobs_sign_ins_refused_total{${instance},code="too_many_attempts"}`]: "0+10x60",
    },
    BatchJobsNoDialer: {
      [`batch_jobs_jobs_due{${instance}}`]: "3x60",
      [`batch_jobs_dialer_last_seen_seconds{${instance}}`]: "50+60x60",
    },
    BatchJobsVersions: {
      [`batch_jobs_build_info{${instance},version="1",build="x"}`]: "1x60",
      'batch_jobs_build_info{job="batch-jobs",instance="b",version="2",build="y"}': "1x60",
    },
  };
  const tests = Object.entries(cases).map(([alert, given]) => ({
    interval: "1m",
    input_series: Object.entries({ [`up{${instance}}`]: "1x60", ...given }).map(([series, values]) => ({
      series,
      values,
    })),
    promql_expr_test: [
      {
        expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: "60m",
        exp_samples: [{ labels: `{alertname="${alert}"}`, value: 1 }],
      },
    ],
  }));
  expect(Object.keys(cases)).toHaveLength(readFileSync(rules, "utf8").match(/- alert:/g)?.length ?? 0);
  // YAML, of which JSON is a part.
  const file = path.join(workshop.directory, "alerts.yml");
  await writeFile(file, JSON.stringify({ rule_files: [rules], evaluation_interval: "1m", tests }));
  const { status, text } = promtool(["test", "rules", file]);
  expect(status, text).toBe(0);
});

test("the version is that of the package and a hash of the source, wherever it is asked for", async ({
  workshop,
  request,
}) => {
  const { version } = (await (await request.get("/health/ready")).json()) as { version: string };
  const { version: ofPackage } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  expect(version.split("+")[0]).toBe(ofPackage);
  const admin = await workshop.admin({}, ["--version"]);
  expect([admin.status, admin.stdout]).toEqual([0, `${version}\n`]);
  const start = workshop.start({}, [process.execPath, "lib/cli/start.mjs", "--version"]);
  expect(await start.ended).toEqual({ status: 0, signal: null });
  expect(start.stdout).toBe(`${version}\n`);
});
