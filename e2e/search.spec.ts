import type { APIResponse } from "@playwright/test";
import { sql } from "kysely";
import { insertDialableJob, testDatabase } from "@/db/fixtures";
import { BatchJobSearch } from "@/lib/batch-jobs/schema";
import { expect, type Organization, test } from "./fixtures";
import { addresses } from "./servers";

// The parameters of GET /batch/jobs that search, filter, sort, and add to the answer.

async function search(org: Organization, query: string, headers = {}) {
  const response = await org.get(query, headers);
  expect(response.status(), await response.text()).toBe(200);
  return BatchJobSearch.parse(await response.json());
}

const names = async (org: Organization, query: string) =>
  (await search(org, query)).batchJobs.map((job) => job.name);

/** Each a second later than the one before. */
const named = (...all: string[]) =>
  all.map((name, at) => ({ name, created_at: new Date(Date.UTC(2025, 0, 1) + at * 1_000) }));

test.describe("q", () => {
  const all = [
    "Été à la plage",
    "ETE 2024",
    "January Renewal Campaign",
    "100% off",
    "100 off",
    "snake_case",
    "snakeXcase",
    String.raw`back\slash`,
    "Straße nach Łódź",
    "Москва Весна",
    "春季キャンペーン",
    "ﬁne print",
  ];
  for (const [q, found] of [
    ["été", ["ETE 2024", "Été à la plage"]],
    ["PLAGE", ["Été à la plage"]],
    ["a la pla", ["Été à la plage"]],
    ["renewal", ["January Renewal Campaign"]],
    [" Renewal ", ["January Renewal Campaign"]],
    ["100%", ["100% off"]],
    // One or two characters are looked for at the beginning of words.
    ["%", []],
    ["1", ["100 off", "100% off"]],
    ["ke_ca", ["snake_case"]],
    ["_", []],
    [String.raw`k\s`, [String.raw`back\slash`]],
    ["strasse", ["Straße nach Łódź"]],
    ["lodz", ["Straße nach Łódź"]],
    ["москва", ["Москва Весна"]],
    ["春季", ["春季キャンペーン"]],
    ["キャンペ", ["春季キャンペーン"]],
    ["fine", ["ﬁne print"]],
    ["re", ["January Renewal Campaign"]],
    ["ew", []],
    ["' or 1=1 --", []],
    ["zebra", []],
  ] as const) {
    test(`"${q}" finds ${found.length}`, async ({ org, request }) => {
      await org.add(...named(...all));
      const query = `&q=${encodeURIComponent(q)}`;
      const answer = await search(org, query);
      expect(answer.batchJobs.map((job) => job.name)).toEqual(found);
      expect(answer).toMatchObject({ total: found.length, totalIsExact: true });
      // Without indexes the same.
      const odd = await request.get(`${addresses.odd}/batch/jobs?organizationId=${org.id}${query}`, {
        headers: { "x-api-key": org.key },
      });
      expect(await odd.json()).toEqual(answer);
    });
  }

  test("is an exact id, too, which comes first, whatever the order", async ({ org, makeOrg }) => {
    const other = await makeOrg();
    const id = `spring-${org.id}`;
    await other.add({ id, name: "Another organization's" });
    await org.add({ id, name: "Found by its id" }, ...named(`about ${id}`, `more about ${id}`, "else"));
    for (const sort of ["", "&sort=name", "&sort=-name", "&sort=-completedAt", "&sort=updatedAt"]) {
      const found = await names(org, `&q=${id}${sort}`);
      expect(found[0], sort).toBe("Found by its id");
      expect(found, sort).toHaveLength(3);
      const pages = [1, 2, 3].map((page) => names(org, `&q=${id}${sort}&pageSize=1&page=${page}`));
      expect((await Promise.all(pages)).flat(), sort).toEqual(found);
    }
    expect(await names(org, `&q=${id.toUpperCase()}`), "an id has one case").not.toContain("Found by its id");
    expect(await names(org, `&q=${id}&status=running`)).toEqual([]);
  });

  test("follows a change of the name", async ({ org }) => {
    const [id] = await org.add({ name: "Before" });
    await testDatabase.updateTable("batch_jobs").set({ name: "After" }).where("id", "=", `${id}`).execute();
    expect([await names(org, "&q=before"), await names(org, "&q=after")]).toEqual([[], ["After"]]);
  });
});

test("q finds the jobs of its own organization that call a phone number", async ({ org, makeOrg }) => {
  const at = (seconds: number) => ({ created_at: new Date(Date.UTC(2025, 0, 1) + seconds * 1_000) });
  await insertDialableJob(org.id, 3, { name: "Calls three", ...at(1) });
  const id = await insertDialableJob(org.id, 2, { name: "Calls two", ...at(2), status: "running" });
  await insertDialableJob(org.id, 3, { name: "Again +12020000003 +1 202-000 (0003)", ...at(3) });
  // An id is unique within its organization.
  await insertDialableJob((await makeOrg()).id, 3, { name: "Of another organization", id });
  const found = ["Again +12020000003 +1 202-000 (0003)", "Calls three"];
  for (const q of [
    "+12020000003",
    "+1 202-000 (0003)",
    "12020000003",
    "1 (202) 000-0003",
    "(+1) 202/000–0003",
    "0012020000003",
  ]) {
    expect(await names(org, `&q=${encodeURIComponent(q)}`), q).toEqual(found);
  }
  const q = "&q=%2B12020000002";
  const two = await search(org, `${q}&include=statusCounts&sort=name&cursor=&pageSize=1`);
  expect(two.batchJobs.map((job) => job.name)).toEqual([found[0]]);
  expect(two).toMatchObject({ total: 3, statusCounts: { pending: 2, running: 1 } });
  const rest = await names(org, `${q}&sort=name&cursor=${two.nextCursor}`);
  expect(rest).toEqual(["Calls three", "Calls two"]);
  expect(await names(org, `${q}&status=running`)).toEqual(["Calls two"]);
  for (const sort of ["-scheduledStartTime", "actualStartTime", "-completedAt", "updatedAt"]) {
    const first = await search(org, `${q}&sort=${sort}&cursor=&pageSize=1`);
    const others = await names(org, `${q}&sort=${sort}&cursor=${first.nextCursor}`);
    expect([...first.batchJobs.map((job) => job.name), ...others].toSorted(), sort).toEqual([
      ...found,
      "Calls two",
    ]);
  }
  expect(await names(org, "&q=%2B12025550199")).toEqual([]);
  expect(await names(org, "&q=2020000002"), "not without its country").toEqual([]);
});

test.describe("filters", () => {
  const day = (of: number) => `2025-01-${String(of).padStart(2, "0")}T00:00:00Z`;

  for (const [parameter, column] of [
    ["created", "created_at"],
    ["scheduled", "scheduled_start_time"],
    ["started", "actual_start_time"],
    ["completed", "completed_at"],
  ] as const) {
    test(`${parameter}From is inclusive, ${parameter}To exclusive, in any offset`, async ({ org }) => {
      const jobs = [1, 2, 3].map((of) => ({ name: `Day ${of}`, [column]: day(of) }));
      await org.add(...jobs, ...(parameter === "created" ? [] : [{ name: "Never" }]));
      const found = async (query: string) => (await names(org, query)).toSorted();
      expect(await found(`&${parameter}From=${day(2)}`)).toEqual(["Day 2", "Day 3"]);
      expect(await found(`&${parameter}To=${day(2)}`)).toEqual(["Day 1"]);
      expect(await found(`&${parameter}From=${day(2)}&${parameter}To=${day(3)}`)).toEqual(["Day 2"]);
      expect(await found(`&${parameter}From=${day(2)}&${parameter}To=${day(2)}`)).toEqual([]);
      const east = encodeURIComponent("2025-01-02T16:00:00+16:00");
      expect(
        await found(`&${parameter}From=${east}&${parameter}To=${east.replace("02T16", "02T17")}`),
      ).toEqual(["Day 2"]);
    });
  }

  test("agentId and fromPhoneNumberId are compared exactly, and all filters at once", async ({ org }) => {
    await org.add(
      { name: "A", agent_id: "agent_1", from_phone_number_id: "+1 555" },
      { name: "B", agent_id: "agent_2", from_phone_number_id: "+1 555", status: "failed" },
      { name: "C", agent_id: "agent_2", from_phone_number_id: "phone_2" },
    );
    expect(await names(org, "&agentId=agent_1")).toEqual(["A"]);
    expect(await names(org, "&agentId=AGENT_1")).toEqual([]);
    expect(await names(org, "&fromPhoneNumberId=%2B1+555&sort=name")).toEqual(["A", "B"]);
    expect(await names(org, "&agentId=agent_2&fromPhoneNumberId=%2B1+555&status=failed&q=b")).toEqual(["B"]);
  });

  test("updatedSince as a time", async ({ org }) => {
    await org.add(
      { name: "Old", updated_at: "2025-01-01T00:00:00Z" },
      { name: "At", updated_at: "2025-01-02T00:00:00Z", status: "running" },
      { name: "New", updated_at: "2025-01-03T00:00:00Z" },
    );
    expect(await names(org, `&updatedSince=${day(2)}&sort=updatedAt`)).toEqual(["At", "New"]);
  });
});

test.describe("sort", () => {
  const times = ["2025-01-02T00:00:00Z", null, "2025-01-01T00:00:00Z", "2025-01-03T00:00:00Z", null];

  for (const [field, column] of [
    ["scheduledStartTime", "scheduled_start_time"],
    ["actualStartTime", "actual_start_time"],
    ["completedAt", "completed_at"],
  ] as const) {
    test(`by ${field} has jobs without it last in both directions, in the order of ids`, async ({ org }) => {
      const ids = await org.add(...times.map((time) => ({ [column]: time })));
      const places = async (sort: string) =>
        (await search(org, `&sort=${sort}`)).batchJobs.map((job) => ids.indexOf(job.id));
      expect(await places(field)).toEqual([2, 0, 3, 1, 4]);
      expect(await places(`-${field}`)).toEqual([3, 0, 2, 4, 1]);
    });
  }

  test("by createdAt, oldest first, is the reverse of the default", async ({ org }) => {
    await org.add(...named("a", "b", "c"), { name: "d", created_at: new Date(Date.UTC(2025, 0, 1)) });
    const newestFirst = await names(org, "");
    expect(await names(org, "&sort=-createdAt")).toEqual(newestFirst);
    expect(await names(org, "&sort=createdAt")).toEqual(newestFirst.toReversed());
  });

  test("by name takes no account of case and accents", async ({ org }) => {
    await org.add(...named("zoo", "Émile", "apple", "Banana", "eMu", "2nd"));
    const sorted = ["2nd", "apple", "Banana", "Émile", "eMu", "zoo"];
    expect(await names(org, "&sort=name")).toEqual(sorted);
    expect(await names(org, "&sort=-name")).toEqual(sorted.toReversed());
  });

  test("by updatedAt mixes running and other jobs, and follows changes", async ({ org }) => {
    const at = (hour: number) => new Date(Date.UTC(2025, 0, 1, hour));
    const ids = await org.add(
      ...(["running", "completed", "running", "failed", "pending"] as const).map((status, hour) => ({
        status,
        updated_at: at(hour),
        contacts_processed: 0,
        total_contacts: 9,
      })),
    );
    const places = async (query: string) =>
      (await search(org, query)).batchJobs.map((job) => ids.indexOf(job.id));
    expect(await places("&sort=updatedAt")).toEqual([0, 1, 2, 3, 4]);
    for (const changed of [1, 0]) {
      await testDatabase
        .updateTable("batch_jobs")
        .set({ contacts_processed: 1 })
        .where("id", "=", `${ids[changed]}`)
        .execute();
    }
    expect(await places("&sort=-updatedAt")).toEqual([0, 1, 4, 3, 2]);
    expect(await places("&sort=updatedAt&status=running")).toEqual([2, 0]);
  });

  test("walks all pages of every order once, ties included", async ({ org, request }) => {
    const some = (of: number) => (of % 3 === 0 ? null : new Date(Date.UTC(2025, 0, 1 + (of % 4))));
    const ids = await org.add(
      ...Array.from({ length: 23 }, (_, at) => ({
        name: `Name ${at % 5}`,
        status: at % 2 ? ("running" as const) : ("completed" as const),
        created_at: new Date(Date.UTC(2025, 0, 1 + (at % 4))),
        updated_at: new Date(Date.UTC(2025, 0, 1 + (at % 6))),
        scheduled_start_time: some(at),
        actual_start_time: some(at + 1),
        completed_at: some(at + 2),
      })),
    );
    const fields = ["createdAt", "name", "scheduledStartTime", "actualStartTime", "completedAt", "updatedAt"];
    for (const sort of fields.flatMap((field) => [field, `-${field}`])) {
      for (const filter of ["", "&q=name", "&status=running", "&q=name&status=running,completed"]) {
        const walked: string[] = [];
        let next: string | undefined =
          `/batch/jobs?organizationId=${org.id}&sort=${sort}${filter}&pageSize=5`;
        const cursors: string[] = [];
        while (next) {
          const response: APIResponse = await request.get(next, { headers: { "x-api-key": org.key } });
          const body = BatchJobSearch.parse(await response.json());
          walked.push(...body.batchJobs.map((job) => job.id));
          next = /<([^>]*)>; rel="next"/.exec(response.headers().link ?? "")?.[1];
        }
        const expected = filter.includes("running&") || filter.endsWith("running") ? 11 : 23;
        expect(new Set(walked).size, `${sort}${filter}`).toBe(expected);
        expect(walked, `${sort}${filter}`).toHaveLength(expected);
        let address: string | null = `&sort=${sort}${filter}&pageSize=4&cursor=`;
        while (address) {
          const answer: BatchJobSearch = await search(org, address);
          cursors.push(...answer.batchJobs.map((job) => job.id));
          address = answer.nextCursor
            ? `&sort=${sort}${filter}&pageSize=4&cursor=${answer.nextCursor}`
            : null;
        }
        expect(cursors, `${sort}${filter}`).toEqual(walked);
      }
    }
    expect(ids).toHaveLength(23);
  });
});

test.describe("more jobs than are counted", () => {
  /** @param count of jobs named "Many", beside one that is not. */
  async function fill(org: Organization, count: number): Promise<void> {
    await org.add({ name: "Single" });
    await sql`
      insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts, created_at)
      select 'many_' || n, ${org.id}, 'Many ' || n, 'completed', 'agent_1', 'phone_1', 0, timestamptz '2025-01-01Z' + n * interval '1 minute'
      from generate_series(1, ${count}::int) as n
    `.execute(testDatabase);
  }

  test("are counted exactly up to 10,000, and answer and page say so", async ({
    org,
    page,
    member: _member,
  }) => {
    await fill(org, 10_000);
    expect(await search(org, "&q=many&pageSize=1")).toMatchObject({ total: 10_000, totalIsExact: true });
    await org.add({ name: "One too many", created_at: new Date(Date.UTC(2024, 0, 1)) });
    const answer = await search(org, "&q=many&pageSize=2&include=statusCounts");
    expect(answer).toMatchObject({ total: 10_000, totalIsExact: false, statusCounts: null });
    expect(answer.batchJobs.map((job) => job.name)).toEqual(["Many 10000", "Many 9999"]);
    expect(await names(org, "&q=many&pageSize=2&sort=createdAt")).toEqual(["One too many", "Many 1"]);
    // What is sorted only, or asked for as documented, has a stored count.
    expect(await search(org, "&sort=name&pageSize=1")).toMatchObject({ total: 10_002, totalIsExact: true });
    expect(await org.list("&pageSize=1")).toEqual({ ...(await org.list("&pageSize=1")), total: 10_002 });

    const link = (await org.get("&q=many&page=100&pageSize=100")).headers().link ?? "";
    expect(link).not.toContain('rel="last"');
    const next = /<([^>]*)>; rel="next"/.exec(link)?.[1] ?? "";
    expect(next, "where pages end, the cursor goes on").toContain("&cursor=W");
    const last = await org.request.get(next, { headers: { "x-api-key": org.key } });
    expect((await last.json()).batchJobs.map((job: { name: string }) => job.name)).toEqual(["One too many"]);
    const beyond = await org.get("&q=many&page=101&pageSize=100");
    expect([beyond.status(), (await beyond.json()).code]).toEqual([400, "invalid_page"]);
    expect((await org.get("&page=101&pageSize=100")).status(), "as documented").toBe(200);
    await page.goto("/jobs?q=many");
    await expect(page.getByText("1–20 of 10,000+")).toBeVisible();
  });
});

test("a range of another time is found behind 20,000 jobs that are not in it", async ({ org }) => {
  const [day, never] = ["2024-06-01T00:00:00Z", null];
  await org.add(
    ...[1, 2, 3].map((at) => ({
      name: `Old ${at}`,
      created_at: `2024-01-0${at}T00:00:00Z`,
      completed_at: day,
    })),
    ...[1, 2].map(() => ({ name: "Unfinished", created_at: "2024-01-04T00:00:00Z", completed_at: never })),
  );
  await sql`
    insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts, created_at, completed_at)
    select 'new_' || n, ${org.id}, 'New', 'completed', 'agent_1', 'phone_1', 0, timestamptz '2025-01-01Z' + n * interval '1 minute',
      timestamptz '2026-01-01Z'
    from generate_series(1, 20100) as n
  `.execute(testDatabase);
  const completed = "&completedTo=2025-01-01T00:00:00Z";
  expect(await names(org, completed)).toEqual(["Old 3", "Old 2", "Old 1"]);
  expect(await names(org, `${completed}&total=none`)).toEqual(["Old 3", "Old 2", "Old 1"]);
  // Unfinished jobs come last when sorted by that time, after all that have it.
  const created = "&createdTo=2025-01-01T00:00:00Z&sort=-completedAt&total=none";
  const all = ["Old 3", "Old 2", "Old 1", "Unfinished", "Unfinished"];
  const inAnyOrder = (found: string[]) =>
    found.toSorted((one, other) => all.indexOf(one) - all.indexOf(other));
  expect(inAnyOrder(await names(org, created))).toEqual(all);
  const walked: string[] = [];
  for (let cursor: string | null | undefined = ""; cursor != null; ) {
    const answer: BatchJobSearch = await search(org, `${created}&pageSize=1&cursor=${cursor}`);
    walked.push(...answer.batchJobs.map((job) => job.name));
    cursor = answer.nextCursor;
  }
  expect(walked.slice(3)).toEqual(all.slice(3));
  expect(inAnyOrder(walked)).toEqual(all);
  expect(await names(org, `${created}&pageSize=3&page=2`)).toEqual(["Unfinished", "Unfinished"]);
});

test.describe("an answer with other parameters", () => {
  test("is that of one organization", async ({ org, makeOrg }) => {
    const other = await makeOrg();
    await other.add({ name: "Theirs", status: "running" });
    for (const query of [
      "&q=theirs",
      "&sort=name",
      "&cursor=",
      "&agentId=agent_1",
      "&include=statusCounts",
    ]) {
      const answer = await search(org, query);
      expect(answer, query).toMatchObject({ batchJobs: [], total: 0 });
      const foreign = await org.request.get(`/batch/jobs?organizationId=${other.id}${query}`, {
        headers: { "x-api-key": org.key },
      });
      expect(foreign.status(), query).toBe(403);
    }
    const withoutKey = await org.request.get(`/batch/jobs?organizationId=${org.id}&q=%00`);
    expect(withoutKey.status()).toBe(401);
  });

  test("has Link with the same parameters, and as documented without them", async ({ org }) => {
    await org.add(...named("Été 1", "Été 2", "Été 3"));
    const link = async (query: string) =>
      ((await org.get(query)).headers().link ?? "").replaceAll(
        `${addresses.main}/batch/jobs?organizationId=${org.id}`,
        "",
      );
    const same =
      "&q=%C3%A9t%C3%A9&createdFrom=2020-01-01T00%3A00%3A00%2B01%3A00&sort=-name&include=health%2CupdatedAt";
    const query =
      "&sort=-name&q=été&createdFrom=2020-01-01T00:00:00%2B01:00&include=health,updatedAt&pageSize=2";
    expect(await link(query)).toBe(
      `<${same}&page=1&pageSize=2>; rel="first", <${same}&page=2&pageSize=2>; rel="next", <${same}&page=2&pageSize=2>; rel="last"`,
    );
    expect(await link("&sort=-name&total=none&page=2&pageSize=1")).toBe(
      '<&sort=-name&total=none&page=1&pageSize=1>; rel="first", <&sort=-name&total=none&page=1&pageSize=1>; rel="prev", <&sort=-name&total=none&page=3&pageSize=1>; rel="next"',
    );
  });
});

test.describe("include", () => {
  test("adds nothing unless asked for, and exactly what is asked for", async ({ org }) => {
    await org.add({ updated_at: "2025-01-01T00:00:00.999Z" });
    const plain = await org.list();
    const { updatedAt, ...rest } = (await search(org, "&include=updatedAt")).batchJobs[0] ?? {};
    expect(updatedAt).toBe("2025-01-01T00:00:00Z");
    expect(rest).toEqual(plain.batchJobs[0]);
    const all = await search(org, "&include=health,updatedAt&include[]=statusCounts");
    expect(Object.keys(all)).toEqual([
      "batchJobs",
      "total",
      "totalIsExact",
      "statusCounts",
      "page",
      "pageSize",
    ]);
    expect(Object.keys(all.batchJobs[0] ?? {}).slice(-2)).toEqual(["updatedAt", "health"]);
    const withoutTotal = await search(org, "&total=none");
    expect(Object.keys(withoutTotal)).toEqual(["batchJobs", "page", "pageSize"]);
    const withCursor = await search(org, "&cursor=");
    expect(withCursor).toEqual({
      batchJobs: plain.batchJobs,
      total: 1,
      totalIsExact: true,
      pageSize: 20,
      nextCursor: null,
    });
  });

  test("statusCounts counts under the other filters", async ({ org }) => {
    await org.add(
      { name: "A", status: "running" },
      { name: "A", status: "failed" },
      { name: "A", status: "failed" },
      { name: "B", status: "pending" },
    );
    const none = { pending: 0, scheduled: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
    const counts = async (query: string) => {
      const { total, statusCounts } = await search(org, `${query}&include=statusCounts`);
      return { total, statusCounts };
    };
    expect(await counts("")).toEqual({
      total: 4,
      statusCounts: { ...none, pending: 1, running: 1, failed: 2 },
    });
    expect(await counts("&status=failed&pageSize=1")).toEqual({
      total: 2,
      statusCounts: { ...none, pending: 1, running: 1, failed: 2 },
    });
    expect(await counts("&q=a&status=failed")).toEqual({
      total: 2,
      statusCounts: { ...none, running: 1, failed: 2 },
    });
    expect(await counts("&q=zzz")).toEqual({ total: 0, statusCounts: none });
  });

  test("health tells overdue and stalled jobs, and when others end", async ({ org }) => {
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const running = { status: "running" as const, total_contacts: 100, actual_start_time: ago(60) };
    await org.add(
      { name: "overdue", status: "scheduled", scheduled_start_time: "2025-01-01T00:00:00Z" },
      { name: "waiting", status: "scheduled", scheduled_start_time: ago(-60) },
      {
        ...running,
        name: "stalled",
        contacts_processed: 50,
        updated_at: "2025-01-01T00:00:00Z",
        actual_start_time: "2025-01-01T00:00:00Z",
      },
      { ...running, name: "on track", contacts_processed: 50 },
      { ...running, name: "no estimate", contacts_processed: 0 },
      { ...running, name: "for ever", contacts_processed: 7, total_contacts: 2_147_483_647 },
      { name: "done" },
    );
    const { batchJobs } = await search(org, "&include=health&sort=createdAt");
    const health = Object.fromEntries(batchJobs.map((job) => [job.name, job.health]));
    expect(health).toEqual({
      overdue: { state: "overdue", since: "2025-01-01T00:00:00Z", estimatedCompletionTime: null },
      waiting: null,
      stalled: { state: "stalled", since: "2025-01-01T00:00:00Z", estimatedCompletionTime: null },
      "on track": { state: "onTrack", since: null, estimatedCompletionTime: expect.any(String) },
      "no estimate": null,
      "for ever": { state: "onTrack", since: null, estimatedCompletionTime: "9999-12-31T23:59:59Z" },
      done: null,
    });
    const end = Date.parse(health["on track"]?.estimatedCompletionTime ?? "");
    expect(Math.abs(end - Date.now() - 60 * 60_000)).toBeLessThan(30_000);
  });
});
