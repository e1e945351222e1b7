import type { APIResponse } from "@playwright/test";
import type { UpdateObject } from "kysely";
import { insertApiKey, testDatabase } from "@/db/fixtures";
import type { Database } from "@/db/schema";
import { type BatchJob, BatchJobList } from "@/lib/batch-jobs/schema";
import { makeApiKey } from "./api-key";
import { expect, Organization, test } from "./fixtures";
import { rawGet, sendRaw } from "./raw-http";
import { addresses } from "./servers";

// Conditional requests (RFC 9110, section 13): who has the current page is not sent it again.

/** Without the coding, as an instance may leave compression to its proxy. */
const etagOf = (response: APIResponse) => (response.headers().etag ?? "").replace(/-\w+"$/, '"');

test.describe("ETag", () => {
  test("is strong, and the same for the same page: by any key, instance, method and spelling", async ({
    org,
    request,
  }) => {
    await org.add({ status: "running" }, { status: "failed" }, {});
    const other = new Organization(org.id, makeApiKey(), request);
    await insertApiKey(org.id, other.key);
    const etag = etagOf(await org.get());
    expect(etag).toMatch(/^"[\w+/]{43}="$/);
    const path = `/batch/jobs?organizationId=${org.id}`;
    const headers = { "x-api-key": org.key };
    const same = [
      await org.get(),
      await other.get(),
      await org.get("&page=1&pageSize=20&limit=5"),
      await org.get("&pageSize=020", { Prefer: "handling=strict" }),
      await request.head(path, { headers }),
      await request.get(`${addresses.odd}${path}`, { headers }),
    ];
    expect(same.map(etagOf)).toEqual(same.map(() => etag));
    const spelled = [
      await org.get("&status=running,failed"),
      await org.get("&status[]=failed&status=running&status=failed"),
    ];
    expect(etagOf(spelled[0] as APIResponse)).toBe(etagOf(spelled[1] as APIResponse));
  });

  test("differs between pages, also where their bodies do not", async ({ makeOrg }) => {
    const [org, other] = [await makeOrg(), await makeOrg()];
    const responses = [
      await org.get(),
      await other.get(),
      await org.get("&status=failed"),
      await org.get("&status=running"),
      await org.get("&status=failed,running"),
      await org.get("&page=2"),
      await org.get("&pageSize=21"),
    ];
    expect(new Set(responses.map(etagOf)).size).toBe(responses.length);
  });

  test("changes with the page, and only then", async ({ org }) => {
    const [id = ""] = await org.add({ status: "running" }, {});
    const update = (set: UpdateObject<Database, "batch_jobs">) =>
      testDatabase.updateTable("batch_jobs").set(set).where("id", "=", id).execute();
    let before = await org.get();
    await update({ updated_at: new Date() });
    expect(etagOf(await org.get()), "what no client sees").toBe(etagOf(before));
    const time = new Date("2026-01-02T03:04:05Z");
    const changes: [field: keyof BatchJob, value: unknown, set: UpdateObject<Database, "batch_jobs">][] = [
      ["name", "Another name", { name: "Another name" }],
      ["description", "Of March", { description: "Of March" }],
      ["description", null, { description: null }],
      ["agentId", "agent_other", { agent_id: "agent_other" }],
      ["fromPhoneNumberId", "phone_other", { from_phone_number_id: "phone_other" }],
      ["totalContacts", 901, { total_contacts: 901 }],
      ["contactsProcessed", 900, { contacts_processed: 900 }],
      ["successfulCalls", 400, { successful_calls: 400 }],
      ["failedCalls", 401, { failed_calls: 401 }],
      ["scheduledStartTime", "2026-01-02T03:04:05Z", { scheduled_start_time: time }],
      ["actualStartTime", "2026-01-02T03:04:05Z", { actual_start_time: time }],
      ["completedAt", "2026-01-02T03:04:05Z", { status: "completed", completed_at: time }],
      ["status", "failed", { status: "failed" }],
      ["concurrentCallLimit", 7, { concurrent_call_limit: 7 }],
      [
        "retryPolicy",
        { maxAttempts: 9, retryableStatuses: ["busy"] },
        { retry_max_attempts: 9, retry_retryable_statuses: ["busy"] },
      ],
      ["retryPolicy", { maxAttempts: 9, retryableStatuses: [] }, { retry_retryable_statuses: [] }],
      ["createdAt", "2026-01-02T03:04:05Z", { created_at: time }],
    ];
    for (const [field, value, set] of changes) {
      await update(set);
      const after = await org.get("", { "If-None-Match": etagOf(before) });
      expect(after.status(), field).toBe(200);
      expect(etagOf(after), field).not.toBe(etagOf(before));
      const { batchJobs } = BatchJobList.parse(await after.json());
      expect(batchJobs.find((job) => job.id === id)?.[field], field).toEqual(value);
      before = after;
    }
    // Another job in the place of one, with the same total.
    await testDatabase.deleteFrom("batch_jobs").where("id", "=", id).execute();
    const [other] = await org.add({});
    expect(await org.ids()).toContain(other);
    expect(await org.ids()).not.toContain(id);
  });

  test("and body are those of the jobs as they are now, whichever of them were sent before", async ({
    org,
  }) => {
    const ids = await org.add(...Array.from({ length: 25 }, () => ({})));
    const jobs = async (query: string) => (await (await org.get(query)).json()).batchJobs;
    const changes: UpdateObject<Database, "batch_jobs">[] = [
      { name: "Two\nlines, and \\n" },
      { status: "running", total_contacts: 5, contacts_processed: 5 },
      { created_at: new Date() },
    ];
    for (let step = 0; step < 15; step++) {
      const id = ids[(step * 7) % ids.length] ?? "";
      const change = changes[step % changes.length] ?? {};
      await testDatabase.updateTable("batch_jobs").set(change).where("id", "=", id).execute();
      if (step % 4 === 0) ids.push(...(await org.add({})));
      for (const page of ["&pageSize=7&page=1", "&pageSize=7&page=2"]) {
        // The server caches no page that is asked for with `include`.
        expect(await jobs(page), `step ${step}`).toEqual(await jobs(`${page}&include=statusCounts`));
      }
    }
  });

  test("is on no error", async ({ org }) => {
    for (const query of ["&page=0", "&organizationId=x"]) {
      expect((await org.get(query)).headers()).not.toHaveProperty("etag");
    }
  });
});

test.describe("If-None-Match", () => {
  /** Makes values from the page's tag. */
  const matching: ((etag: string) => string)[] = [
    (etag) => etag,
    (etag) => `W/${etag}`,
    (etag) => `"other", ${etag}`,
    (etag) => `"a,b" ,W/"other",,\t${etag} , "last"`,
    () => "*",
    () => " * ",
  ];
  for (const value of matching) {
    test(`304 for ${value('"the tag"')}`, async ({ org }) => {
      await org.add({});
      const full = await org.get("&limit=1");
      const response = await org.get("&limit=1", { "If-None-Match": value(etagOf(full)) });
      expect(response.status()).toBe(304);
      expect(await response.text()).toBe("");
      const { "content-type": _type, "content-length": _length, ...expected } = full.headers();
      const other = { date: expect.any(String), "x-request-id": expect.any(String) };
      expect(response.headers()).toEqual({ ...expected, ...other });
      expect(response.headers()).toMatchObject({
        "cache-control": "private, no-cache",
        link: expect.any(String),
      });
    });
  }

  const others: ((etag: string) => string)[] = [
    () => '"other"',
    () => "",
    (etag) => etag.slice(1, -1),
    (etag) => etag.slice(0, -1),
    (etag) => `'${etag.slice(1, -1)}'`,
    (etag) => `w/${etag}`,
    (etag) => `W/ ${etag}`,
    (etag) => `${etag}${etag}`,
    (etag) => `${etag.slice(0, -1)} "`,
    (etag) => etag.toLowerCase(),
    () => '"*"',
    () => '*, "other"',
    () => ",,,",
    () => `"${"x".repeat(8_000)}"`,
    () => '"\u00ff\u00e9"',
  ];
  for (const value of others) {
    test(`200 for ${value('"the Tag"').slice(0, 30)}`, async ({ org }) => {
      const etag = etagOf(await org.get());
      const response = await org.get("", { "If-None-Match": value(etag) });
      expect(response.status()).toBe(200);
      expect(etagOf(response)).toBe(etag);
    });
  }

  test("another page's tag is none of this page's", async ({ makeOrg }) => {
    const [org, other] = [await makeOrg(), await makeOrg()];
    for (const response of [await other.get(), await org.get("&page=2")]) {
      expect((await org.get("", { "If-None-Match": etagOf(response) })).status()).toBe(200);
    }
  });

  test("HEAD is answered as GET; a 304 has no body and says no length", async ({ org, request }) => {
    const path = `/batch/jobs?organizationId=${org.id}`;
    const headers = { "x-api-key": org.key, "If-None-Match": etagOf(await org.get()) };
    expect((await request.head(path, { headers })).status()).toBe(304);
    for (const method of ["GET", "HEAD"]) {
      const lines = rawGet(path, ...Object.entries(headers).map((header) => header.join(": ")));
      const { text } = await sendRaw(addresses.main, lines.replace("GET", method));
      expect(text).toMatch(/^HTTP\/1\.1 304 /);
      expect(text).toMatch(/\r\n\r\n$/);
      expect(text).not.toMatch(/^(content-length|content-type|transfer-encoding):/im);
    }
  });

  test("changes no refusal: nothing is compared before the key is checked", async ({ makeOrg, request }) => {
    const [org, other] = [await makeOrg(), await makeOrg()];
    const etag = etagOf(await org.get());
    const refused: [path: string, key: string, status: number][] = [
      [org.id, "", 401],
      [org.id, makeApiKey(), 401],
      [org.id, other.key, 403],
      ["org_that_does_not_exist", org.key, 403],
      [`${org.id}&page=0`, org.key, 400],
    ];
    for (const [query, key, status] of refused) {
      const answers = [];
      for (const ifNoneMatch of [undefined, "*", etag]) {
        const headers = {
          ...(key && { "x-api-key": key }),
          ...(ifNoneMatch && { "If-None-Match": ifNoneMatch }),
        };
        const response = await request.get(`/batch/jobs?organizationId=${query}`, { headers });
        expect(response.status()).toBe(status);
        expect(response.headers()).not.toHaveProperty("etag");
        answers.push(await response.text());
      }
      expect(new Set(answers).size).toBe(1);
    }
  });
});
