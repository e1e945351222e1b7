import type { Page } from "@playwright/test";
import { insertBatchJobs, insertDialableJob, insertPhoneNumber, testDatabase } from "@/db/fixtures";
import { expect, makePerson, signIn, test } from "./fixtures";

// The controls of the jobs page: search, filters, order, and what takes the list along.

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const ago = (minutes: number) => new Date(Date.now() - minutes * minuteMs);
const titles = (page: Page) => page.locator("tbody th span.font-semibold");
const names = (page: Page) => titles(page).allTextContents();
const search = (page: Page) => page.getByRole("searchbox", { name: "Search by name, ID or phone number" });
const chips = (page: Page) => page.getByRole("list", { name: "Active filters" });
/** The parameters of the page's address, without the organization. */
const parameters = (page: Page) => {
  const { searchParams } = new URL(page.url());
  searchParams.delete("organizationId");
  return Object.fromEntries(searchParams);
};

test("search by name or id: / goes to it, Escape leaves it, other filters stay, and it can be emptied", async ({
  page,
  org,
  member: _member,
}) => {
  const [id = ""] = await org.add({ name: "Zebra", status: "failed" });
  await org.add({ name: "January Renewal", status: "failed" }, { name: "Renewal", status: "running" });
  await page.goto(`/jobs?organizationId=${org.id}&status=failed&sort=name&pageSize=50`);
  await expect(page.getByText(/^Updated/)).toBeVisible();
  // Only scripts add these, and with them the shortcuts.
  await expect(page.getByRole("button", { name: /^Copy ID/ }).first()).toBeAttached();
  await page.keyboard.press("/");
  await expect(search(page)).toBeFocused();
  await page.keyboard.type("a/b");
  await page.keyboard.press("Escape");
  await expect(search(page)).not.toBeFocused();
  await expect(search(page), "Escape only leaves").toHaveValue("a/b");
  await page.keyboard.press("/");
  await page.keyboard.type("RENEWAL");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/&q=RENEWAL/);
  await expect
    .poll(() => parameters(page))
    .toEqual({ status: "failed", q: "RENEWAL", sort: "name", pageSize: "50" });
  await expect(titles(page)).toHaveText(["January Renewal"]);
  await search(page).fill(id);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("row", { name: /Zebra/ })).toBeVisible();
  await insertDialableJob(org.id, 1, { name: "Calls Ana", status: "failed" });
  await search(page).fill("202-000-0001");
  await search(page).press("Enter");
  const hint = page.getByText("To find a contact, enter the whole number, such as +12025550101.");
  await expect(hint).toBeVisible();
  await search(page).fill("no such job");
  await search(page).press("Enter");
  await expect(page).toHaveURL(/q=no%20such%20job/);
  await expect(hint).toBeHidden();
  await search(page).fill("(+1) 202/000-0001");
  await search(page).press("Enter");
  await expect(titles(page)).toHaveText(["Calls Ana"]);
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(search(page)).toHaveValue("");
  await expect.poll(() => parameters(page)).toEqual({ status: "failed", sort: "name", pageSize: "50" });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("filters are chosen in the menu, named as chips, and removed one by one or all", async ({
    page,
    org,
    member: _member,
  }) => {
    await insertPhoneNumber(org.id, { id: "phone_1", phone_number: "+12025550123", label: "Sales" });
    const job = { status: "failed", agent_id: "agent_1", from_phone_number_id: "phone_1" } as const;
    await org.add(
      { ...job, name: "Match" },
      { ...job, name: "Match, cancelled", status: "cancelled" },
      { ...job, name: "Other agent", agent_id: "agent_2" },
      { ...job, name: "Other number", from_phone_number_id: "phone_2" },
      { ...job, name: "Old", created_at: ago(60 * 24 * 400) },
      { ...job, name: "Running", status: "running" },
    );
    await page.goto(`/jobs?organizationId=${org.id}&sort=name&page=1`);
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByRole("checkbox", { name: "Failed" }).check();
    await page.getByRole("checkbox", { name: "Cancelled" }).check();
    await page.getByLabel("Created", { exact: true }).selectOption("Last 7 days");
    await page.getByLabel("Agent", { exact: true }).selectOption("agent_1");
    await page.getByLabel("Number", { exact: true }).selectOption("+12025550123, Sales (phone_1)");
    await page.getByRole("button", { name: "Apply filters" }).click();
    await expect
      .poll(() => parameters(page))
      .toEqual({
        status: "failed,cancelled",
        created: "last7Days",
        agentId: "agent_1",
        fromPhoneNumberId: "phone_1",
        sort: "name",
      });
    await expect(titles(page)).toHaveText(["Match", "Match, cancelled"]);
    await expect(page.getByRole("button", { name: "Filter 4 active" })).toBeVisible();
    await expect(chips(page).getByRole("listitem")).toHaveText([
      "Status: Failed, Cancelled",
      "Created: last 7 days",
      "Agent: agent_1",
      "Number: +12025550123, Sales",
      "Clear all",
    ]);
    await chips(page).getByRole("link", { name: "Remove filter Status: Failed, Cancelled" }).click();
    await expect(titles(page)).toHaveText(["Match", "Match, cancelled", "Running"]);
    // The form begins with what is active, and "Any" ends it.
    await page.getByRole("button", { name: "Filter 3 active" }).click();
    await page.getByLabel("Agent", { exact: true }).selectOption("Any");
    await page.getByRole("button", { name: "Apply filters" }).click();
    await expect(titles(page)).toHaveText(["Match", "Match, cancelled", "Other agent", "Running"]);
    await search(page).fill("zebra");
    await search(page).press("Enter");
    await expect(page.getByRole("heading", { name: "No jobs match these filters" })).toBeVisible();
    const empty = page.getByRole("main").locator("section");
    await expect(empty.getByRole("listitem")).toHaveText([
      "Search: zebra",
      "Created: last 7 days",
      "Number: +12025550123, Sales",
    ]);
    await empty.getByRole("link", { name: "Clear filters" }).click();
    await expect.poll(() => parameters(page)).toEqual({ sort: "name" });
    await expect(titles(page)).toHaveCount(6);
    await expect(chips(page)).toHaveCount(0);
  });
});

test("dates are days of the person's time zone, and exact times of an address are kept", async ({
  page,
  context,
  org,
}) => {
  // Where it is another day than in UTC now.
  const [timeZone, offset] = new Date().getUTCHours() < 12 ? ["Etc/GMT+12", -12] : ["Pacific/Kiritimati", 14];
  const offsetMs = Number(offset) * 60 * minuteMs;
  await signIn(context, await makePerson([org], { timeZone: String(timeZone) }));
  const local = (ms: number) => new Date(ms + offsetMs).toISOString().slice(0, 10);
  const today = Date.parse(local(Date.now())) - offsetMs;
  const [year = 0, month = 0] = local(Date.now()).split("-").map(Number);
  const [lastMonth, thisMonth, nextMonth] = [-2, -1, 0].map(
    (more) => Date.UTC(year, month + more, 1) - offsetMs,
  );
  const at = (name: string, ms = 0) => [
    { name: `before ${name}`, created_at: new Date(ms - 1_000) },
    { name, created_at: new Date(ms) },
  ];
  await org.add(
    ...at("today", today),
    ...at("tomorrow", today + dayMs),
    ...at("six days ago", today - 6 * dayMs),
  );
  await org.add(
    ...at("last month", lastMonth),
    ...at("this month", thisMonth),
    ...at("next month", nextMonth),
  );
  const jobs = (await org.list("&pageSize=100")).batchJobs;
  const between = (from = 0, to = 0) =>
    jobs
      .filter(({ createdAt }) => Date.parse(createdAt) >= from && Date.parse(createdAt) < to)
      .map(({ name }) => name)
      .sort();
  const open = async (query: string) => {
    await page.goto(`/jobs?organizationId=${org.id}&${query}`);
    return (await names(page)).sort();
  };
  expect(await open("created=today")).toEqual(between(today, today + dayMs));
  expect(await open("created=last7Days")).toEqual(between(today - 6 * dayMs, today + dayMs));
  expect(await open("created=thisMonth")).toEqual(between(thisMonth, nextMonth));
  expect(await open("created=lastMonth")).toEqual(between(lastMonth, thisMonth));

  await page.getByRole("button", { name: /^Filter/ }).click();
  await page.getByLabel("Created", { exact: true }).selectOption("Custom range…");
  await page.getByLabel("Created: from").fill(local(today - dayMs));
  await page.getByLabel("Created: to").fill(local(today));
  await page.getByRole("button", { name: "Apply filters" }).click();
  await expect(page).toHaveURL(/createdFrom=/);
  const instant = (ms: number) => new Date(ms).toISOString().replace(".000", "");
  // The last day is included.
  await expect
    .poll(() => parameters(page))
    .toEqual({
      createdFrom: instant(today - dayMs),
      createdTo: instant(today + dayMs),
    });
  await expect.poll(async () => (await names(page)).sort()).toEqual(between(today - dayMs, today + dayMs));
  // The form has a field for the time of day where an address has one, and so loses nothing of it.
  const exact = {
    createdFrom: instant(Date.UTC(2025, 2, 1, 15, 50, 30) - offsetMs),
    createdTo: instant(Date.UTC(2025, 2, 3) - offsetMs),
  };
  await open(`${new URLSearchParams(exact)}`);
  await expect(chips(page)).toContainText("Created: 1 Mar 2025, 15:50:30 – 2 Mar 2025");
  await page.getByRole("button", { name: /^Filter/ }).click();
  await page.getByRole("checkbox", { name: "Failed" }).check();
  await page.getByRole("button", { name: "Apply filters" }).click();
  await expect(page).toHaveURL(/status=failed/);
  await expect.poll(() => parameters(page)).toEqual({ status: "failed", ...exact });
  // The last second of a range is in the year 10000 there.
  expect(await open("createdFrom=1970-01-01T00:00:00Z&createdTo=9999-12-31T23:59:59Z")).toHaveLength(12);
  for (const [query, notice] of [
    ["createdFrom=2025-02-30", "“2025-02-30” is not a date and was ignored."],
    ["createdFrom=1900-01-01", "“1900-01-01” is not a date and was ignored."],
    ["created=yesterday", "“yesterday” is not a valid date range."],
    ["form=filter&scheduledFrom=x&q=%20", "“x” is not a valid scheduledFrom and was ignored."],
  ]) {
    expect(await open(query ?? ""), query).toHaveLength(12);
    await expect(page.getByRole("main").getByRole("status").filter({ hasText: notice })).toBeVisible();
  }
});

test("column heads sort, the order stays with pages, and a phone has a menu", async ({
  page,
  org,
  member: _member,
}) => {
  const job = (name: string, at: number) => ({ name, created_at: ago(at), completed_at: ago(10 - at) });
  await org.add(job("b", 1), job("c", 3), job("a", 2), { name: "d", created_at: ago(4) });
  await page.goto(`/jobs?organizationId=${org.id}&pageSize=2`);
  const head = (name: string) => page.getByRole("columnheader", { name });
  await expect(head("Created")).toHaveAttribute("aria-sort", "descending");
  await head("Name").getByRole("link").click();
  await expect(head("Name")).toHaveAttribute("aria-sort", "ascending");
  await expect(head("Created")).not.toHaveAttribute("aria-sort");
  await expect(page.getByRole("table", { name: "Batch jobs, by name, A to Z." })).toBeVisible();
  await expect(titles(page)).toHaveText(["a", "b"]);
  await head("Name").getByRole("link").click();
  await expect(head("Name")).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("link", { name: "Next", exact: true }).click();
  await expect(page).toHaveURL(/sort=-name&page=2/);
  await expect(titles(page)).toHaveText(["b", "a"]);
  await head("Ended").getByRole("link").click();
  await expect(head("Ended")).toHaveAttribute("aria-sort", "descending");
  await expect.poll(() => parameters(page)).toEqual({ sort: "-completedAt", pageSize: "2" });
  await expect(titles(page)).toHaveText(["c", "a"]);

  await page.setViewportSize({ width: 390, height: 844 });
  await expect(head("Ended").getByRole("link")).toBeHidden();
  await page.getByRole("button", { name: "Sort: by end, latest first" }).click();
  await page.getByRole("link", { name: "Earliest first" }).click();
  await expect(page).toHaveURL(/sort=completedAt/);
  await expect(titles(page)).toHaveText(["b", "a"]);
});

test("a live page counts new jobs only if they match its filters, and keeps its order", async ({
  page,
  org,
  member: _member,
}) => {
  const running = { status: "running", actual_start_time: ago(1) } as const;
  await org.add({ ...running, name: "b" }, { ...running, name: "a" }, { name: "c" });
  await page.goto(`/jobs?organizationId=${org.id}&status=running&agentId=agent_1&q=spring`);
  await expect(page.getByText(/^Updated/)).toBeVisible();
  const job = { ...running, name: "Spring Sale", agent_id: "agent_1" };
  await insertBatchJobs(org.id, [
    job,
    { ...job, name: "Autumn" },
    { ...job, agent_id: "agent_2" },
    { ...job, status: "failed" },
  ]);
  await page.getByRole("link", { name: "Show 1 new job" }).click();
  await expect(page.getByRole("row", { name: /Spring Sale/ })).toBeVisible();

  await page.goto(`/jobs?organizationId=${org.id}&status=running&sort=name`);
  await expect(page.getByText(/^Updated/)).toBeVisible();
  const before = await names(page);
  expect(before).toEqual(["a", "Autumn", "b", "Spring Sale", "Spring Sale"]);
  await testDatabase
    .updateTable("batch_jobs")
    .set({ name: "zzz" })
    .where("organization_id", "=", org.id)
    .where("name", "=", "Autumn")
    .execute();
  await insertBatchJobs(org.id, [{ ...running, name: "mm" }]);
  await expect(page.getByRole("row", { name: /zzz/ })).toBeVisible();
  expect(await names(page), "no row moves").toEqual(before.map((name) => (name === "Autumn" ? "zzz" : name)));
  await page.getByRole("link", { name: "1 new job · Reload" }).click();
  await expect(page.getByRole("row", { name: /mm/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /new job/ })).toHaveCount(0);
});

test("the list can be downloaded as CSV and asked of the API with curl", async ({
  page,
  context,
  request,
  org,
  makeOrg,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(context, await makePerson([org], { timeZone: "Pacific/Kiritimati" }));
  const job = { status: "failed", agent_id: "a!$`\"\\'" } as const;
  await org.add(
    { ...job, name: "Été" },
    { ...job, name: "Autumn" },
    { ...job, name: "Zoo" },
    { name: "Other" },
  );
  const filters = {
    status: "failed",
    agentId: job.agent_id,
    created: "thisMonth",
    sort: "-name",
    pageSize: "2",
  };
  await page.goto(`/jobs?${new URLSearchParams({ organizationId: org.id, ...filters })}`);
  await page.getByRole("button", { name: "Export" }).click();
  const command = await page.getByText(/^curl "/).textContent();
  const address = /^curl "([^"$`!\\]+)" -H "Authorization: Bearer \$BATCH_JOBS_API_KEY"$/.exec(
    command ?? "",
  )?.[1];
  const answer = await request.get(address ?? "", { headers: { Authorization: `Bearer ${org.key}` } });
  const { batchJobs, nextCursor } = await answer.json();
  // Not only the two of this page.
  expect(batchJobs.map(({ name }: { name: string }) => name)).toEqual(["Zoo", "Été", "Autumn"]);
  expect(nextCursor).toBeNull();
  expect(address).toContain("&pageSize=100&cursor=");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);

  const downloaded = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV for Excel" }).click();
  const file = await downloaded;
  // Fourteen hours ahead of UTC.
  const date = new Date(Date.now() + 840 * minuteMs).toISOString().slice(0, 10);
  expect(file.suggestedFilename()).toBe(`batch-jobs-${org.id}-${date}.csv`);
  const csv = await context.request.get(file.url());
  const lines = (await csv.text()).trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^\ufeffid,name,/);
  expect(lines.slice(1).map((line) => line.split(",")[1])).toEqual(["Zoo", "Été", "Autumn"]);

  // A filter that the API does not have.
  await org.add({ name: "Late", status: "scheduled", scheduled_start_time: ago(60) });
  await page.goto(`/jobs?organizationId=${org.id}&problem=overdue`);
  await page.getByRole("button", { name: "Export" }).click();
  await expect(page.getByText("The API can’t filter by health.")).toBeVisible();
  const overdue = await context.request.get(`/jobs.csv?organizationId=${org.id}&problem=overdue`);
  expect((await overdue.text()).trim().split("\r\n")).toHaveLength(2);

  // Someone else's organization is as absent as one that does not exist; signed out, one signs in first.
  const ask = async (id: string) => {
    const response = await context.request.get(`/jobs.csv?organizationId=${id}`);
    return [response.status(), await response.text()];
  };
  expect(await ask((await makeOrg()).id)).toEqual(await ask("absent"));
  expect((await ask("absent"))[0]).toBe(404);
  const wrong = await context.request.get(`/jobs.csv?organizationId=${org.id}&sort=x`);
  expect([wrong.status(), (await wrong.json()).code]).toEqual([400, "invalid_sort"]);
  await context.clearCookies();
  const signedOut = await context.request.get(`/jobs.csv?organizationId=${org.id}&q=a`, { maxRedirects: 0 });
  expect([signedOut.status(), signedOut.headers().location]).toEqual([
    303,
    `/sign-in?callbackUrl=${encodeURIComponent(`/jobs?organizationId=${org.id}&q=a`)}`,
  ]);
});
