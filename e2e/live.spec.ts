import type { Locator, Page } from "@playwright/test";
import { sql, type Updateable } from "kysely";
import { insertBatchJobs, insertDialableJob, testDatabase } from "@/db/fixtures";
import type { Database } from "@/db/schema";
import { expect, test } from "./dialer";
import { makePerson, signIn } from "./fixtures";

// The page stays up to date by itself, with real changes in the database.

async function change(id: string, values: Updateable<Database["batch_jobs"]>): Promise<void> {
  await testDatabase.updateTable("batch_jobs").set(values).where("id", "=", id).execute();
}

/** The page's refresh requests, as they are sent. */
function watchRefreshes(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/live/jobs")) sent.push(request.url());
  });
  return sent;
}

/** Makes the tab appear hidden or visible, as when another one comes to the front. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

/** Makes the page refresh, and clicks before a response can arrive. */
async function askAndClick(page: Page, target: Locator): Promise<void> {
  await setHidden(page, true);
  await target.evaluate((element: HTMLElement) => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    element.click();
  });
}

const running = {
  status: "running" as const,
  name: "Spring Renewals",
  total_contacts: 100,
  actual_start_time: new Date(),
};

test("rows change in place: numbers, status, counts and title, without moving page, focus or scroll", async ({
  page,
  org,
  member: _member,
}) => {
  const others = Array.from({ length: 15 }, (_, at) => ({
    name: `Older ${at}`,
    created_at: new Date(at * 1e9),
  }));
  const [id = ""] = await org.add({ ...running, contacts_processed: 10, successful_calls: 10 }, ...others);
  await page.goto("/jobs");
  const row = page.getByRole("row", { name: /Spring Renewals/ });
  await expect(page).toHaveTitle("(1 running) Jobs – Batch Jobs");
  await expect(row.getByText("10 of 100 contacts")).toBeVisible();
  const marked = await row.elementHandle();
  const focused = page.getByRole("link", { name: "Older 3", exact: true });
  await focused.focus();
  await page.evaluate(() => window.scrollTo(0, 400));
  const before = await page.evaluate(() => ({ scroll: scrollY, height: document.body.scrollHeight }));

  await change(id, { contacts_processed: 60, successful_calls: 45, failed_calls: 15 });
  await expect(row.getByText("60 of 100 contacts")).toBeVisible();
  await expect(row.getByText("15 failed")).toBeVisible();
  await change(id, { status: "completed" });
  await expect(row.getByRole("cell", { name: /^Completed/ })).toBeVisible();
  await expect(page).toHaveTitle("Jobs – Batch Jobs");
  const filters = page.getByRole("navigation", { name: "Filter by status" });
  await expect(filters.getByRole("link", { name: "Completed 16" })).toBeVisible();
  await expect(filters.getByRole("link", { name: "Running 0" })).toBeVisible();
  await expect(page.getByText("No jobs running")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Spring Renewals: completed." })).toHaveCount(1);

  await expect(focused).toBeFocused();
  expect(await page.evaluate((element) => element?.isConnected, marked)).toBe(true);
  const after = await page.evaluate(() => ({ scroll: scrollY, height: document.body.scrollHeight }));
  expect(after).toEqual(before);
});

test("new jobs wait behind a button, only those that match the filter", async ({
  page,
  org,
  member: _member,
}) => {
  await org.add({ ...running, created_at: new Date(Date.now() - 60_000) });
  await page.goto(`/jobs?organizationId=${org.id}&status=running`);
  await expect(page.getByRole("row")).toHaveCount(2);
  const table = page.getByRole("table");
  const top = (await table.boundingBox())?.y;
  await insertBatchJobs(org.id, [
    { status: "running", name: "Late one" },
    { status: "running" },
    { status: "failed" },
  ]);
  await expect(page.getByRole("link", { name: "Show 2 new jobs" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "2 new jobs." })).toHaveCount(1);
  await expect(page.getByRole("row")).toHaveCount(2);
  expect((await table.boundingBox())?.y, "the page does not move").toBe(top);
  await page.getByRole("link", { name: "Show 2 new jobs" }).click();
  await expect(page.getByRole("row", { name: /Late one/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /new job/ })).toHaveCount(0);
  await expect(page).toHaveURL(/status=running$/);
});

test("says when it was updated, and can be paused for the tab", async ({ page, org, member: _member }) => {
  const [id = ""] = await org.add(running);
  await page.goto("/jobs");
  const sent = watchRefreshes(page);
  await expect(page.getByText(/^Updated (now|\d+ s ago)$/)).toBeVisible();
  await page.getByRole("button", { name: "Pause updates" }).click();
  await expect(page.getByText(/ · Paused$/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause updates" })).toBeHidden();
  await change(id, { contacts_processed: 50 });
  const count = sent.length;
  await expect(page.getByText(/^Updated [5-9] s ago · Paused$/), "time goes on").toBeVisible({
    timeout: 10_000,
  });
  expect(sent.length).toBe(count);
  await page.reload();
  await expect(page.getByText(/ · Paused$/)).toBeVisible();
  await page.getByRole("button", { name: "Resume updates" }).click();
  await expect.poll(() => sent.length, { message: "it asks at once" }).toBeGreaterThan(count);
  await change(id, { contacts_processed: 70 });
  await expect(page.getByText("70 of 100 contacts")).toBeVisible();
});

test("pausing during a request discards its response", async ({ page, org, member: _member }) => {
  await org.add(running);
  await page.goto("/jobs");
  const sent = watchRefreshes(page);
  await askAndClick(page, page.getByRole("button", { name: "Pause updates" }));
  await expect(page.getByText(/^Updated [7-9] s ago · Paused$/)).toBeVisible({ timeout: 12_000 });
  expect(sent).toHaveLength(1);
});

test("stops when all jobs shown have finished, and refreshes on demand or when the tab is shown again", async ({
  page,
  org,
  member: _member,
}) => {
  const [id = ""] = await org.add(
    { status: "completed", name: "Done" },
    { status: "failed" },
    { status: "cancelled" },
  );
  await page.goto("/jobs");
  const sent = watchRefreshes(page);
  await expect(page.getByText(/^Updated [4-9] s ago · All jobs shown have finished$/)).toBeVisible({
    timeout: 10_000,
  });
  expect(sent).toEqual([]);
  await insertBatchJobs(org.id, [{}]);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("link", { name: "Show 1 new job" })).toBeVisible();
  expect(sent).toHaveLength(1);
  await setHidden(page, true);
  await testDatabase.deleteFrom("batch_jobs").where("id", "=", id).execute();
  await setHidden(page, false);
  await expect(page.getByRole("row", { name: /^Done/ }).getByRole("cell", { name: "Deleted" })).toBeVisible();
  expect(sent).toHaveLength(2);
});

test("goes on until the calls of cancelled jobs have ended", async ({ page, dialer }) => {
  await signIn(page.context(), await makePerson([dialer.org]));
  const id = await dialer.addJob(2);
  const { callId } = await dialer.claimOne();
  await dialer.dialing(callId);
  await change(id, { status: "cancelled" });
  await page.goto("/jobs");
  await expect(page.getByText("1 call still under way")).toBeVisible();
  await dialer.result(callId, "completed");
  await expect(page.getByText("1 of 2 contacts")).toBeVisible();
  await expect(page.getByText(/ · All jobs shown have finished$/)).toBeVisible();
});

test("an empty list shows its first job", async ({ page, org, member: _member }) => {
  await page.goto("/jobs");
  await expect(page.getByRole("heading", { name: "No jobs yet" })).toBeVisible();
  await org.add({ name: "The first" });
  await page.getByRole("link", { name: "Show 1 new job" }).click();
  await expect(page.getByRole("row", { name: /^The first/ })).toBeVisible();
});

test("older jobs that enter the list wait behind the button, too: started, imported, restored", async ({
  page,
  org,
  member: _member,
}) => {
  const [first = "", second = ""] = await org.add(
    { ...running, name: "First", created_at: new Date(Date.now() - 60_000) },
    { status: "scheduled", name: "Second", created_at: new Date(0) },
  );
  await page.goto(`/jobs?organizationId=${org.id}&status=running`);
  await expect(page.getByRole("row")).toHaveCount(2);
  await change(first, { status: "failed" });
  await expect(page.getByRole("cell", { name: /^Failed/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /new job/ }), "one that leaves is none that comes").toHaveCount(
    0,
  );
  await change(second, { status: "running" });
  await expect(page.getByRole("link", { name: "Show 1 new job" })).toBeVisible();
  await insertBatchJobs(org.id, [{ status: "running", created_at: new Date(1e12) }]);
  await page.getByRole("link", { name: "Show 2 new jobs" }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
  // Finished jobs are refreshed, too, as long as another one is not finished.
  await change(second, { status: "completed" });
  await expect(
    page.getByRole("row", { name: /^Second/ }).getByRole("cell", { name: /^Completed/ }),
  ).toBeVisible();
  await change(second, { status: "running" });
  await expect(
    page.getByRole("row", { name: /^Second/ }).getByRole("cell", { name: "Running" }),
  ).toBeVisible();
});

test("a response that arrives after the filter was changed is discarded", async ({
  page,
  org,
  member: _m,
}) => {
  // Real responses, delayed until after the next page.
  await page.addInitScript(() => {
    const ask = window.fetch;
    window.fetch = async (...request) => {
      const answer = await ask(...request);
      if (String(request[0]).includes("/live/jobs"))
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      return answer;
    };
  });
  const [id = ""] = await org.add({ ...running, name: "Runs" }, { status: "failed", name: "Failed one" });
  await page.goto(`/jobs?organizationId=${org.id}&status=running`);
  const sent = watchRefreshes(page);
  await askAndClick(page, page.getByRole("link", { name: /^Failed/ }));
  await expect(page).toHaveURL(/status=failed/);
  await expect(page.getByRole("row", { name: /Failed one/ })).toBeVisible();
  await change(id, { contacts_processed: 5 });
  await expect(page.getByText(/^Updated [3-5] s ago · All jobs/), "the answer has come").toBeVisible();
  await expect(page.getByRole("row", { name: /Runs/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect.poll(() => sent.length).toBe(2);
  await expect(page.getByText(/^Updated (now|[12] s ago) · All jobs/)).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("row", { name: /Runs/ })).toHaveCount(0);
});

test("many changes at once are announced as numbers", async ({ page, org, member: _member }) => {
  const [first] = await org.add(...Array.from({ length: 5 }, () => running));
  await page.goto("/jobs");
  await testDatabase
    .updateTable("batch_jobs")
    .set({ status: sql`case when id = ${first} then 'failed' else 'completed' end` })
    .where("organization_id", "=", org.id)
    .execute();
  await expect(page.getByRole("status").filter({ hasText: "4 jobs: completed. 1 job: failed." })).toHaveCount(
    1,
  );
});

test("refreshes quickly while jobs change, then ever more slowly", async ({ page, org, member: _member }) => {
  const [id = ""] = await org.add(running);
  await page.goto("/jobs");
  const times: number[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/live/jobs")) times.push(Date.now());
  });
  await expect.poll(() => times.length, { timeout: 30_000 }).toBe(4);
  const gap = (at: number) => ((times[at] ?? 0) - (times[at - 1] ?? 0)) / 1_000;
  expect(gap(2)).toBeGreaterThan(gap(1) * 1.2);
  expect(gap(3)).toBeGreaterThan(gap(2) * 1.2);
  await change(id, { contacts_processed: 1 });
  await expect(page.getByText("1 of 100 contacts")).toBeVisible({ timeout: 30_000 });
  const count = times.length;
  await expect.poll(() => times.length, { timeout: 20_000 }).toBe(count + 1);
  expect(gap(count)).toBeLessThan(gap(3));
});

test("makes no requests in a hidden tab, and one at once when it is visible again", async ({
  page,
  org,
  member: _member,
}) => {
  const [id = ""] = await org.add(running);
  await page.goto("/jobs");
  await expect(page.getByText(/^Updated/)).toBeVisible();
  await setHidden(page, true);
  const sent = watchRefreshes(page);
  await change(id, { contacts_processed: 33 });
  await expect(page.getByText(/^Updated [6-9] s ago$/)).toBeVisible({ timeout: 12_000 });
  expect(sent).toEqual([]);
  await setHidden(page, false);
  await expect(page.getByText("33 of 100 contacts")).toBeVisible({ timeout: 2_000 });
});

test("a job that was deleted says so", async ({ page, org, member: _member }) => {
  const [id = ""] = await org.add(running);
  await page.goto("/jobs");
  await testDatabase.deleteFrom("batch_jobs").where("id", "=", id).execute();
  await expect(
    page.getByRole("row", { name: /Spring Renewals/ }).getByRole("cell", { name: "Deleted" }),
  ).toBeVisible();
});

test("says so when the person was signed out or removed", async ({ page, context, org, member }) => {
  await org.add(running);
  await page.goto("/jobs");
  await testDatabase.deleteFrom("sessions").where("user_id", "=", member.id).execute();
  await expect(
    page.getByText("You’re signed out or no longer a member of this organization.").first(),
  ).toBeVisible();
  await expect(page.getByRole("row", { name: /Spring Renewals/ })).toBeVisible();
  await page.getByRole("link", { name: "Reload" }).click();
  await expect(page).toHaveURL(/\/sign-in/);

  await signIn(context, member);
  await page.goto("/jobs");
  await testDatabase.deleteFrom("memberships").where("user_id", "=", member.id).execute();
  await expect(
    page.getByText("You’re signed out or no longer a member of this organization.").first(),
  ).toBeVisible();
});

test("relative times are updated", async ({ page, org, member: _member }) => {
  await org.add({ status: "scheduled", scheduled_start_time: new Date(Date.now() - 40_000) });
  await page.goto("/jobs");
  await expect(page.getByText("Due now")).toBeVisible();
  await expect(page.getByText(/Overdue by 1 min/)).toBeVisible({ timeout: 30_000 });
});

test("one refresh returns all that the page shows; invalid queries are refused", async ({
  org,
  member: _member,
  context,
}) => {
  const ids = await org.add(...Array.from({ length: 30 }, () => running));
  const ask = () =>
    context.request.get(
      `/live/jobs?organizationId=${org.id}&since=2020-01-01T00:00:00Z&ids=${ids.join(",")}`,
    );
  await ask();
  const answer = await (await ask()).json();
  expect(answer.jobs).toHaveLength(30);
  expect(answer).toMatchObject({ newJobs: 30, counts: { running: 30, failed: 0 }, overdue: 0, stalled: 0 });
  expect(Object.keys(answer).sort()).toEqual([
    "asOfMs",
    "counts",
    "jobs",
    "newJobs",
    "nextId",
    "nextStartMs",
    "overdue",
    "stalled",
  ]);
  await insertDialableJob(org.id, 3);
  for (const [number, newJobs] of [
    [3, 1],
    [4, 0],
  ]) {
    const found = await context.request.get(
      `/live/jobs?organizationId=${org.id}&since=2020-01-01T00:00:00Z&q=%2B1202000000${number}`,
    );
    expect(await found.json(), "new jobs that call a phone number").toMatchObject({ newJobs });
  }
  for (const query of [
    "",
    "&since=2020",
    "&since=x&ids=a",
    `&since=2020-01-01T00:00:00Z&ids=${"a,".repeat(101)}`,
    "&since=2020-01-01T00:00:00Z&ids=%00",
    "&since=2020-01-01T00:00:00Z&status=x",
  ]) {
    const refused = await context.request.get(`/live/jobs?organizationId=${org.id}${query}`);
    expect(refused.status(), query).toBe(400);
  }
});
