import type { Page } from "@playwright/test";
import { sql } from "kysely";
import { insertMembership, testDatabase, uniqueId } from "@/db/fixtures";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import { expect, test } from "./dialer";
import { makePerson, type Organization, signIn } from "./fixtures";

// The list at /jobs.

const minuteMs = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minuteMs);
const names = (page: Page) => page.locator("tbody th span.font-semibold").allTextContents();
const tab = (page: Page, name: RegExp | string) =>
  page.getByRole("navigation", { name: "Filter by status" }).getByRole("link", { name });

/** One job of each status. */
const oneOfEach = () => batchJobStatuses.map((status) => ({ name: `A ${status} job`, status }));

test.describe("a row", () => {
  test("shows the job's name, status, progress and times", async ({ page, org, member: _member }) => {
    const [id = ""] = await org.add({
      name: "January Renewals",
      description: "Follow up on expiring subscriptions",
      status: "running",
      total_contacts: 10_000,
      contacts_processed: 4_200,
      successful_calls: 3_500,
      failed_calls: 700,
      created_at: ago(200),
      actual_start_time: ago(42),
    });
    await page.goto("/jobs");
    const row = page.getByRole("row", { name: /January Renewals/ });
    await expect(row.getByText("Follow up on expiring subscriptions")).toBeVisible();
    await expect(row.getByRole("cell", { name: "Running" })).toBeVisible();
    await expect(row.getByText("4,200 of 10,000 contacts")).toBeVisible();
    await expect(row.getByText("42%")).toBeVisible();
    await expect(row.getByText("700 failed")).toBeVisible();
    const bar = row.getByRole("progressbar", { name: "Progress of January Renewals" });
    await expect(bar).toHaveAttribute("aria-valuenow", "4200");
    await expect(bar).toHaveAttribute("aria-valuemax", "10000");
    await expect(page.getByRole("columnheader")).toHaveText(
      ["Name", "Status", "Progress", "Scheduled", "Started", "Ended", "Created"],
      { useInnerText: true },
    );
    const times = await row.getByRole("cell").allInnerTexts();
    expect(times.slice(2)).toEqual(["", "42 min ago", "", "3 h 20 min ago"]);
    // 42 min for 4,200 contacts: 58 min for the other 5,800.
    await expect(row.getByText(/Ends in 5[78] min/)).toBeVisible();
    await expect(row.getByText(id)).toBeVisible();
  });

  test("is so low that 15 fit on a laptop's screen and 4 on a phone's, whatever it says", async ({
    page,
    org,
    member: _m,
  }) => {
    const full = { total_contacts: 10_000, contacts_processed: 10_000, successful_calls: 9_000 };
    await org.add(
      ...Array.from({ length: 20 }, (_, at) => ({
        ...full,
        name: `Job ${at} ${"with a long name ".repeat(at)}`.slice(0, 200),
        description: "Follow up ".repeat(at),
        failed_calls: at * 50,
        actual_start_time: ago(9_000),
        completed_at: ago(8_000),
      })),
    );
    for (const [width, height, rows] of [
      [1440, 900, 15],
      [390, 844, 4],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto("/jobs");
      const boxes = await page
        .locator("tbody tr")
        .evaluateAll((all) => all.map((row) => row.getBoundingClientRect().toJSON()));
      expect(new Set(boxes.map((box) => Math.round(box.height))).size, "all are of one height").toBe(1);
      expect(boxes.filter((box) => box.bottom <= height).length).toBeGreaterThanOrEqual(rows);
      const numbers = page.getByText("10,000 of 10,000 contacts").first();
      expect((await numbers.boundingBox())?.height).toBeLessThan(25);
    }
  });

  test("copies its id to the clipboard", async ({ page, org, context, member: _member }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const [id] = await org.add({ name: "January Renewals" });
    await page.goto("/jobs");
    await page.getByRole("button", { name: "Copy ID of January Renewals" }).click();
    await expect(page.getByRole("button", { name: "Copied ID of January Renewals" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
  });

  test("of every status has a label, an icon and a color of its own", async ({
    page,
    org,
    member: _member,
  }) => {
    await org.add(...oneOfEach());
    await page.goto("/jobs");
    const icons = new Map<string, { shape: string; color: string }>();
    for (const status of batchJobStatuses) {
      const word = `${status[0]?.toUpperCase()}${status.slice(1)}`;
      const cell = page
        .getByRole("row", { name: new RegExp(`A ${status} job`) })
        .getByRole("cell", { name: new RegExp(`^${word}`) });
      await expect(cell).toBeVisible();
      const icon = cell.locator("svg");
      icons.set(word, {
        shape: await icon.innerHTML(),
        color: await icon.evaluate((svg) => getComputedStyle(svg).color),
      });
    }
    expect(new Set([...icons.values()].map(({ shape }) => shape)).size).toBe(batchJobStatuses.length);
    expect(new Set([...icons.values()].map(({ color }) => color)).size).toBe(batchJobStatuses.length);
  });

  test("shows text unchanged, even if it looks like HTML", async ({ page, org, member: _member }) => {
    const name = `<img src=x onerror=alert(1)> ${"long".repeat(30)} \u202Eback 👩‍👩‍👧 {"a":1}`;
    await org.add({ name, description: "</script><script>alert(1)</script> &amp;" });
    await page.goto("/jobs");
    expect(await names(page)).toEqual([name]);
    await expect(page.getByText("</script><script>alert(1)</script> &amp;")).toBeVisible();
  });
});

test.describe("health", () => {
  const rows: [name: string, job: Record<string, unknown>, shows: RegExp, never: RegExp][] = [
    [
      "overdue",
      { status: "scheduled", scheduled_start_time: ago(25) },
      /Overdue by 25 min/,
      /No progress|Ends/,
    ],
    [
      "overdue, though pending",
      { status: "pending", scheduled_start_time: ago(90) },
      /Overdue by 1 h 30 min/,
      /Ends/,
    ],
    [
      "due this minute",
      { status: "scheduled", scheduled_start_time: ago(0.5) },
      /Due now.*Was due/,
      /Overdue|On schedule/,
    ],
    [
      "to come",
      { status: "scheduled", scheduled_start_time: ago(-61) },
      /On schedule.*Starts in 1 h/,
      /Overdue/,
    ],
    ["without a time", { status: "pending" }, /Not scheduled.*Waiting to start/, /Overdue/],
    [
      "stalled",
      {
        status: "running",
        actual_start_time: ago(60),
        updated_at: ago(12),
        contacts_processed: 5,
        total_contacts: 10,
      },
      /No progress for 12 min/,
      /Ends|Overdue/,
    ],
    [
      "quiet, but just started",
      {
        status: "running",
        actual_start_time: ago(2),
        updated_at: ago(30),
        contacts_processed: 5,
        total_contacts: 10,
      },
      /Ends in (1 min|2 min|1\d\d s)/,
      /No progress/,
    ],
    [
      "running without a result",
      { status: "running", actual_start_time: ago(2) },
      /No estimate yet.*Started 2 min ago/,
      /Ends|No progress/,
    ],
    [
      "running at less than a contact in ten minutes",
      { status: "running", actual_start_time: ago(440), contacts_processed: 42, total_contacts: 100 },
      /No estimate yet.*Started 7 h 20 min ago/,
      /Ends|No progress/,
    ],
    [
      "over, with an unknown start",
      { status: "completed", completed_at: ago(20) },
      /Completed.*Start time unknown.*20 min ago/,
      /Never started/,
    ],
    [
      "late, but over",
      { status: "cancelled", scheduled_start_time: ago(60) },
      /Cancelled.*Never started/,
      /Overdue/,
    ],
    [
      "over",
      { status: "completed", actual_start_time: ago(60), completed_at: ago(20), updated_at: ago(600) },
      /Took 40 min/,
      /No progress/,
    ],
  ];

  test("each row shows it, by one definition", async ({ page, org, member: _member }) => {
    await org.add(...rows.map(([name, job]) => ({ name, ...job })));
    await page.goto("/jobs");
    for (const [name, , shows, never] of rows) {
      const row = page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
      await expect(row, name).toContainText(shows);
      await expect(row, name).not.toContainText(never);
    }
    // The summary counts by the same definition.
    await expect(page.getByText("4 running")).toBeVisible();
    await expect(page.getByRole("link", { name: "1 stalled" })).toBeVisible();
    await expect(page.getByRole("link", { name: "2 overdue" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Next starts in 1 h" })).toHaveAttribute(
      "href",
      /^\/jobs\/[^?]+\?organizationId=/,
    );
    await page.getByRole("link", { name: "2 overdue" }).click();
    await expect(page).toHaveURL(/&problem=overdue$/);
    expect((await names(page)).sort()).toEqual(["overdue", "overdue, though pending"]);
    await expect(page.getByText("1–2 of 2 · Page 1 of 1")).toBeVisible();
    await page.getByRole("link", { name: "1 stalled" }).click();
    await expect(page.getByRole("row")).toHaveCount(2);
    expect(await names(page)).toEqual(["stalled"]);
    await page.getByRole("link", { name: "Remove filter Health: stalled" }).click();
    await expect(page.getByRole("row")).toHaveCount(rows.length + 1);
  });
});

test("jobs that wait for a dialer say so, and how to run one, until one asks", async ({ page, dialer }) => {
  const { org } = dialer;
  await signIn(page.context(), await makePerson([org]));
  const pace = { status: "running" as const, actual_start_time: ago(60), contacts_processed: 9 };
  const id = await dialer.addJob(2, { ...pace, name: "Runs", total_contacts: 11 });
  await dialer.addJob(1, { name: "Is pending" });
  await dialer.addJob(1, { name: "Is due later", status: "scheduled", scheduled_start_time: ago(-600) });
  await org.add(
    { ...pace, name: "Runs elsewhere", total_contacts: 12 },
    { name: "Is imported", status: "pending" },
  );
  await page.goto("/jobs");
  const notice = page.getByText(/^No dialer has asked for calls (yet|since)/);
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
  await expect(notice).toContainText("Run one with npm run dialer and an API key that has the scope dial");
  await expect(page.getByRole("status").filter({ has: notice }), "its time would be read out").toHaveCount(0);
  await expect(row("Runs")).toContainText("No dialer yet");
  await expect(row("Is pending")).toContainText("No dialer yet");
  await expect(row("Is pending")).toContainText("0 of 1 contact0%");
  await expect(row("Is due later")).toContainText("On schedule");
  await expect(row("Is imported")).toContainText("Not scheduled");
  await expect(row("Runs elsewhere")).toContainText("Ends in");
  const { calls } = await dialer.claim({ batchJobId: id });
  await expect(notice).toHaveCount(0);
  await expect(row("Runs")).toContainText("Ends in 13 min");
  await expect(row("Is pending")).toContainText("Waiting for a dialer");
  await testDatabase
    .updateTable("dialers")
    .set({ last_seen_at: ago(12) })
    .where("organization_id", "=", org.id)
    .execute();
  await testDatabase
    .updateTable("batch_calls")
    .set({ claimed_at: ago(5) })
    .where("organization_id", "=", org.id)
    .execute();
  await page.reload();
  await expect(notice).toContainText("(5 min ago)");
  await expect(row("Runs")).toContainText("Dialer last seen 5 min ago");
  await expect(row("Is pending")).toContainText("No dialer for 5 min");
  expect(calls).toHaveLength(1);

  // However many imported ones are newer.
  await sql`
    insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
    select status || n, ${org.id}, 'Is newer', status, 'agent_1', 'phone_1', 1
    from generate_series(1, 1001) as n, unnest(array['pending', 'running']) as status
  `.execute(testDatabase);
  await page.reload();
  await expect(row("Runs")).toHaveCount(0);
  await expect(notice).toContainText("(5 min ago)");
});

test("a scheduled time has its day when that is not today, and is no promise for a job that is over", async ({
  page,
  org,
  member: _m,
}) => {
  const soon = new Date(Date.now() + 50 * 3_600_000);
  await org.add(
    { name: "Waits", status: "scheduled", scheduled_start_time: soon },
    { name: "Is over", status: "cancelled", scheduled_start_time: soon },
  );
  await page.goto("/jobs");
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(
    soon,
  );
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
  await expect(row("Waits")).toContainText(new RegExp(`in 2 d( 1 h)? ${day} \\d\\d:\\d\\d`));
  await expect(row("Is over")).toContainText(new RegExp(`${day} \\d\\d:\\d\\d`));
  await expect(row("Is over")).not.toContainText("in 2 d");

  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(`Organization ${org.id}`).last()).toBeVisible();
  const printed = await row("Waits")
    .locator("time")
    .last()
    .evaluate((time) => getComputedStyle(time, "::after").content);
  expect(printed).toMatch(/^"\w{3}, \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC"$/);
});

test("Now shows what runs, then what starts next, with one click; a job can be opened from the summary", async ({
  page,
  org,
  member: _member,
}) => {
  const created = (minutes: number) => ({ created_at: ago(minutes) });
  await org.add(
    { name: "Waits", status: "pending", ...created(1) },
    { name: "Later", status: "scheduled", scheduled_start_time: ago(-600), ...created(2) },
    { name: "Soon", status: "pending", scheduled_start_time: ago(-5), ...created(3) },
    { name: "Done", status: "completed", ...created(4) },
    { name: "Runs", status: "running", actual_start_time: ago(4), ...created(5) },
    { name: "Late", status: "scheduled", scheduled_start_time: ago(30), ...created(6) },
    { name: "Runs long", status: "running", actual_start_time: ago(50), ...created(60) },
  );
  await page.goto("/jobs?status=completed");
  const views = page.getByRole("navigation", { name: "Views" });
  await views.getByRole("link", { name: "Now" }).click();
  await expect(page).toHaveURL(/sort=now/);
  await expect(views.getByRole("link", { name: "Now" })).toHaveAttribute("aria-current", "true");
  const inOrder = ["Runs long", "Runs", "Late", "Soon", "Later", "Waits"];
  expect(await names(page)).toEqual(inOrder);
  await expect(page.getByText("1–6 of 6")).toBeVisible();
  // The same in parts, and whatever the status asked for.
  for (const at of [0, 2]) {
    await page.goto(`/jobs?organizationId=${org.id}&status=failed&sort=now&pageSize=2&page=${at / 2 + 1}`);
    expect(await names(page)).toEqual(inOrder.slice(at, at + 2));
  }
  await page.getByRole("link", { name: /^Next starts in \d/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Soon");
  await page.getByRole("link", { name: "← Jobs" }).click();
  expect(await names(page)).toEqual(inOrder.slice(2, 4));
  await tab(page, /^Completed 1/).click();
  await expect(page).toHaveURL(/status=completed&pageSize=2$/);
  await views.getByRole("link", { name: "All jobs" }).click();
  await expect(page.getByText("1–7 of 7")).toBeVisible();
});

test("a click on a time opens its job; one with a modifier does not, in this tab", async ({
  page,
  org,
  member: _member,
}) => {
  const [id] = await org.add({ name: "Only" });
  await page.goto(`/jobs?organizationId=${org.id}`);
  const opened: string[] = [];
  page.on("request", (request) => request.url().includes(`/jobs/${id}?`) && opened.push(request.url()));
  const time = page.getByRole("row", { name: "Only" }).locator("time").last();
  for (const key of ["Control", "Meta", "Shift"] as const) await time.click({ modifiers: [key] });
  await time.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Only");
  expect(opened).toHaveLength(1);
});

test("Now keeps its filters, and names them when nothing matches", async ({ page, org, member: _member }) => {
  await org.add({ name: "Done", status: "completed" });
  const now = `/jobs?organizationId=${org.id}&sort=now`;
  await page.goto(now);
  await expect(page.getByRole("heading", { name: "No running or upcoming jobs", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Show all jobs" }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.goto(`${now}&q=done`);
  const empty = page.getByRole("main").locator("section");
  await expect(empty.getByRole("heading")).toHaveText("No running or upcoming jobs match these filters");
  await expect(empty.getByRole("listitem")).toHaveText(["Search: done"]);
  await empty.getByRole("link", { name: "Clear filter" }).click();
  await expect(empty.getByRole("heading")).toHaveText("No running or upcoming jobs");

  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByRole("checkbox")).toHaveCount(3);
  for (const status of ["Pending", "Scheduled"]) await page.getByRole("checkbox", { name: status }).uncheck();
  await page.getByRole("button", { name: "Apply filters" }).click();
  await expect(page).toHaveURL(`/jobs?organizationId=${org.id}&status=running&sort=now`);
  await expect(empty.getByRole("heading")).toHaveText("No running jobs");
  await page.getByRole("link", { name: "Remove filter Status: Running" }).click();
  await expect(empty.getByRole("heading")).toHaveText("No running or upcoming jobs");
});

test.describe("filters", () => {
  test.beforeEach(async ({ org, member: _member }) => {
    await org.add(...oneOfEach(), { status: "failed", name: "Another failed job" });
  });

  test("tabs have counts and show a status, in the address", async ({ page, org }) => {
    await page.goto("/jobs");
    await expect(tab(page, "All 7")).toHaveAttribute("aria-current", "true");
    await expect(tab(page, "Active 3")).toBeVisible();
    await expect(tab(page, "Finished 4")).toBeVisible();
    await tab(page, "Failed 2").click();
    await expect(page).toHaveURL(`/jobs?organizationId=${org.id}&status=failed`);
    await expect(page.getByRole("row")).toHaveCount(3);
    await expect(tab(page, "Failed 2")).toHaveAttribute("aria-current", "true");
    await tab(page, "Active 3").click();
    await expect(page).toHaveURL(/&status=pending,scheduled,running$/);
    await expect(page.getByRole("row")).toHaveCount(4);
    await expect(tab(page, "Active 3")).toHaveAttribute("aria-current", "true");
    await tab(page, "Finished 4").click();
    await expect(page.getByRole("row")).toHaveCount(5);

    await page.goBack();
    await expect(page.getByRole("row")).toHaveCount(4);
    await page.reload();
    await expect(page.getByRole("row")).toHaveCount(4);
    await tab(page, "All 7").click();
    await expect(page).toHaveURL(`/jobs?organizationId=${org.id}`);
  });

  for (const [parameters, notice, rows] of [
    [
      "status=nonsense",
      "“nonsense” is not a status. Choose from pending, scheduled, running, completed, failed, cancelled. Jobs of any status are shown.",
      7,
    ],
    ["status=failed,FAILED", "“FAILED” is not a status.", 2],
    ["status=failed&status=pending", undefined, 3],
    ["page=abc", "“abc” is not a valid page number. Showing page 1.", 7],
    ["page=0", "“0” is not a valid page number", 7],
    ["page=1&page=2", "“1, 2” is not a valid page number", 7],
    ["page=1e3", "“1e3” is not a valid page number", 7],
    ["pageSize=1000", "“1000” is not a valid number of rows per page. Showing 20.", 7],
    ["pageSize=", "“” is not a valid number of rows", 7],
    ["pageSize=3", undefined, 3],
    [`status=${"x".repeat(5_000)}`, "…” is not a status", 7],
    ["status=%3Cscript%3Ealert(1)%3C/script%3E", "“<script>alert(1)</script>” is not a status", 7],
    [
      "problem=none",
      "“none” is not a valid filter. Choose from overdue, stalled. This filter is ignored.",
      7,
    ],
    ["unknown=1", undefined, 7],
  ] as const) {
    test(`${parameters.slice(0, 50)} shows ${rows} jobs${notice ? " and a notice" : ""}`, async ({
      page,
      org,
    }) => {
      for (const address of [`/jobs?organizationId=${org.id}&${parameters}`, `/jobs?${parameters}`]) {
        const response = await page.goto(address);
        expect(response?.status()).toBe(200);
        await expect(page.locator("tbody").getByRole("row")).toHaveCount(rows);
        const notices = page.getByRole("main").getByRole("status").filter({ hasText: "is not a" });
        if (notice) await expect(notices).toContainText(notice);
        else await expect(notices).toHaveCount(0);
      }
    });
  }

  test("a filter without matches says so, with a link to clear it", async ({ page, makeOrg, context }) => {
    const org = await makeOrg();
    const user = await makePerson([org]);
    await signIn(context, user);
    await org.add({ status: "completed" });
    await page.goto("/jobs?status=failed,pending");
    await expect(page.getByRole("heading", { name: "No pending or failed jobs" })).toBeVisible();
    await page.getByRole("link", { name: "Clear filter" }).click();
    await expect(page.getByRole("row")).toHaveCount(2);
  });
});

test.describe("the pager", () => {
  const pages = (page: Page) => page.getByRole("navigation", { name: "Pages" });

  test("shows the current page, and links to those that exist", async ({ page, org, member: _member }) => {
    await org.add(...Array.from({ length: 47 }, (_, at) => ({ name: `Job ${at}`, created_at: ago(at) })));
    await page.goto("/jobs");
    await expect(page.getByText("1–20 of 47 · Page 1 of 3")).toBeVisible();
    await expect(pages(page).getByRole("link", { name: /First|Previous/ })).toHaveCount(0);
    await pages(page).getByRole("link", { name: "Next" }).click();
    await expect(page.getByText("21–40 of 47 · Page 2 of 3")).toBeVisible();
    expect(await names(page)).toEqual(Array.from({ length: 20 }, (_, at) => `Job ${at + 20}`));
    await pages(page).getByRole("link", { name: "Last" }).click();
    await expect(page.getByText("41–47 of 47 · Page 3 of 3")).toBeVisible();
    await expect(pages(page).getByRole("link", { name: /Next|Last/ })).toHaveCount(0);
    await expect(pages(page).getByText("Next")).toBeVisible();
    await pages(page).getByRole("link", { name: "Page 2" }).click();
    await expect(page).toHaveURL(/&page=2$/);
    await page.getByRole("link", { name: "50 rows per page" }).click();
    await expect(page).toHaveURL(/&pageSize=50$/);
    await expect(page.getByText("1–47 of 47 · Page 1 of 1")).toBeVisible();
    await page.goto(`/jobs?organizationId=${org.id}&page=9`);
    await expect(page.getByText("No results on this page · 3 pages")).toBeVisible();
    await page.getByRole("link", { name: "Go to the last page (3)" }).click();
    await expect(page.getByText("41–47 of 47 · Page 3 of 3")).toBeVisible();
  });

  test("near pages, far from both ends", async ({ page, org, member: _member }) => {
    await org.add(...Array.from({ length: 30 }, () => ({})));
    await page.goto(`/jobs?organizationId=${org.id}&pageSize=1&page=15`);
    const shown = await pages(page).getByRole("link", { name: /^Page/ }).allTextContents();
    expect(shown).toEqual(["13", "14", "16", "17"]);
    await page.goto(`/jobs?organizationId=${org.id}&pageSize=1&page=1000000000`);
    await expect(page.getByText("30 pages")).toBeVisible();
    await page.goto(
      `/jobs?organizationId=${org.id}&status=pending,scheduled&problem=overdue&pageSize=100&page=1000000000`,
    );
    await expect(page.getByRole("heading", { name: "No jobs match these filters" })).toBeVisible();
  });

  test("an empty organization has no pager", async ({ page, member: _m }) => {
    await page.goto("/jobs");
    await expect(page.getByRole("heading", { name: "No jobs yet" })).toBeVisible();
    await expect(pages(page)).toHaveCount(0);
  });
});

test.describe("access", () => {
  test("people of two organizations see their own jobs and nothing of the other's", async ({
    browser,
    makeOrg,
  }) => {
    const orgs = [await makeOrg(), await makeOrg()] as [Organization, Organization];
    const people = await Promise.all(
      orgs.map(async (org) => {
        await org.add(
          ...oneOfEach().map((job) => ({ ...job, name: `canary of ${org.id}`, description: org.id })),
        );
        const context = await browser.newContext();
        await signIn(context, await makePerson([org]));
        return { org, context, page: await context.newPage() };
      }),
    );
    for (const { org, page, context } of people) {
      const other = orgs.find((one) => one !== org) as Organization;
      const bytes: Promise<string>[] = [];
      page.on("response", (response) => {
        if (!response.url().includes("_next/")) bytes.push(response.text().catch(() => ""));
      });
      for (const address of ["/jobs", "/jobs?status=failed", "/jobs?page=9", "/settings/display"])
        await page.goto(address);
      const live = `/live/jobs?organizationId=${org.id}&since=2020-01-01T00:00:00Z`;
      const foreignIds = (await other.ids()).join(",");
      const answer = await context.request.get(`${live}&ids=${foreignIds}`);
      expect(await answer.json()).toMatchObject({ jobs: [], newJobs: 6 });
      const all = (await Promise.all(bytes)).join("") + (await answer.text());
      expect(all).toContain(org.id);
      expect(all).not.toContain(other.id);
    }
    await Promise.all(people.map(({ context }) => context.close()));
  });

  test("a foreign organization, a missing one and an invalid id get the same 404", async ({
    context,
    makeOrg,
    member: _member,
  }) => {
    const foreign = await makeOrg();
    await foreign.add({ name: "secret" });
    const ask = async (id: string, path: string) => {
      const response = await context.request.get(`${path}?organizationId=${id}&since=2020-01-01T00:00:00Z`);
      const text = await response.text();
      // The nonce differs each time, and an address is repeated.
      return { status: response.status(), text: text.replaceAll(/[0-9a-f]{32}/g, "").replaceAll(id, "") };
    };
    for (const path of ["/jobs", "/live/jobs"]) {
      const answer = await ask(foreign.id, path);
      expect(answer.status).toBe(404);
      expect(await ask(uniqueId("org"), path)).toEqual(answer);
      expect(answer.text).not.toContain("secret");
    }
    for (const id of ["*", "", "a%00b", "../etc", "x".repeat(500), "null"]) {
      const response = await context.request.get(`/jobs?organizationId=${id}`);
      expect(response.status(), id).toBe(404);
    }
    const twice = await context.request.get(
      `/jobs?organizationId=${foreign.id}&organizationId=${foreign.id}`,
    );
    expect(twice.status()).toBe(404);
  });

  test("the last used organization is the default; the switcher lists the others", async ({
    page,
    context,
    makeOrg,
  }) => {
    const orgs = [await makeOrg(), await makeOrg()];
    const user = await makePerson(orgs);
    await signIn(context, user);
    const [first, second] = orgs.map(({ id }) => id).sort() as [string, string];
    await page.goto("/jobs");
    await expect(page).toHaveURL(`/jobs?organizationId=${first}`);
    await page.goto("/jobs?pageSize=50");
    await page.getByRole("button", { name: /^Organization menu: / }).click();
    await page.getByRole("link", { name: `Organization ${second}` }).click();
    await expect(page).toHaveURL(`/jobs?organizationId=${second}&pageSize=50`);
    await page.goto("/jobs?status=failed");
    await expect(page).toHaveURL(`/jobs?organizationId=${second}&status=failed`);
    // Once it is no longer theirs, the other one opens.
    await testDatabase
      .deleteFrom("memberships")
      .where("user_id", "=", user.id)
      .where("organization_id", "=", second)
      .execute();
    await page.goto("/jobs");
    await expect(page).toHaveURL(`/jobs?organizationId=${first}`);
    await page.getByRole("button", { name: /^Organization menu: / }).click();
    await expect(page.getByRole("link", { name: "Members" })).toBeVisible();
    await expect(page.getByText("Switch organization")).toHaveCount(0);
  });

  test("adding and removing a member take effect on the next request, with the same cookie", async ({
    context,
    org,
    page,
    member,
  }) => {
    const address = `/jobs?organizationId=${org.id}`;
    const status = async () => (await context.request.get(address)).status();
    expect(await status()).toBe(200);
    await testDatabase.deleteFrom("memberships").where("user_id", "=", member.id).execute();
    expect(await status()).toBe(404);
    await page.goto("/jobs");
    await expect(
      page.getByRole("heading", { name: "You’re not a member of any organization" }),
    ).toBeVisible();
    await insertMembership(org.id, member.id);
    expect(await status()).toBe(200);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("list, filter, pages, times and menus work", async ({ page, org, context }) => {
    await signIn(context, await makePerson([org]));
    await org.add(...oneOfEach(), ...Array.from({ length: 20 }, () => ({ name: "One of many" })));
    await page.goto("/jobs");
    await expect(page.locator("tbody").getByRole("row")).toHaveCount(20);
    await expect(page.getByText(/^As of .* UTC$/)).toBeVisible();
    await expect(page.getByRole("button", { name: /^(Pause|Watch|Copy|Keyboard)/ })).toHaveCount(0);
    await page.getByRole("link", { name: "Next", exact: true }).click();
    await expect(page.getByText("21–26 of 26")).toBeVisible();
    await tab(page, /^Failed 1/).click();
    await expect(page.locator("tbody").getByRole("row")).toHaveCount(1);
    await expect(page.locator("tbody").getByTitle(/ UTC$/)).toHaveCount(1);
    await page.getByRole("button", { name: /^Time zone: UTC/ }).click();
    await page.getByRole("link", { name: "Other time zone…" }).click();
    await page.getByLabel("Time zone", { exact: true }).selectOption("Asia/Tokyo");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.locator("tbody").getByRole("row")).toHaveCount(1);
    await expect(page.locator("tbody").getByTitle(/ GMT\+9$/)).toHaveCount(1);
  });
});
