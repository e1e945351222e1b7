import type { BrowserContext } from "@playwright/test";
import { testDatabase } from "@/db/fixtures";
import { expect, makePerson, signIn, test } from "./fixtures";

// A job can be watched, and the browser tells when it has ended.

const end = (id: string, status: "completed" | "failed" | "cancelled") =>
  testDatabase.updateTable("batch_jobs").set({ status }).where("id", "=", id).execute();

/** Headless browsers show no notifications. Notes what each tab is asked to show, as "name: text". */
async function noteNotifications(context: BrowserContext): Promise<string[]> {
  const shown: string[] = [];
  await context.exposeFunction("noteNotification", (text: string) => shown.push(text));
  await context.addInitScript(() => {
    window.Notification = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        (window as unknown as { noteNotification(text: string): void }).noteNotification(
          `${title}: ${options?.body}`,
        );
      }
    };
  });
  return shown;
}

test.describe("where notifications are allowed", () => {
  test("watched jobs are told by one tab when they end, counted in titles until seen, for this person only", async ({
    page,
    context,
    org,
    member: _member,
  }) => {
    await context.grantPermissions(["notifications"]);
    const shown = await noteNotifications(context);
    const [first = "", second = ""] = await org.add(
      { name: "First", status: "running" },
      { name: "Second", status: "scheduled" },
      { name: "Third", status: "completed" },
      { name: "Fourth", status: "pending" },
    );
    await page.goto(`/jobs?organizationId=${org.id}`);
    await page.getByRole("link", { name: "Second", exact: true }).focus();
    await page.keyboard.press("w");
    await expect(page.getByText(/^You’ll get a notification when the job ends/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Watch Second" })).toHaveAttribute("aria-pressed", "true");
    await expect(page.getByRole("button", { name: "Watch Third" })).toHaveCount(0);
    const other = await context.newPage();
    const asked: string[] = [];
    other.on("request", (request) => request.url().includes("/live/watched") && asked.push(request.url()));
    await other.goto(`/jobs/${first}?organizationId=${org.id}`);
    await other.getByRole("button", { name: "Watch", exact: true }).click();
    await expect(other.getByRole("button", { name: "Watching" })).toBeVisible();
    await other.goto(`/jobs?organizationId=${org.id}`);
    await expect(other.getByText(/^Updated/)).toBeVisible();
    expect(asked, "the first tab asks").toEqual([]);

    await end(first, "failed");
    await end(second, "completed");
    await expect
      .poll(() => shown.toSorted(), { timeout: 25_000 })
      .toEqual(["First: Failed", "Second: Completed"]);
    for (const tab of [page, other]) {
      await expect(tab).toHaveTitle("(2) Jobs – Batch Jobs");
      await expect(tab.getByText("Second: completed", { exact: true })).toBeVisible();
    }
    expect(await page.evaluate(() => JSON.stringify(localStorage)), "no names stay").not.toContain("Second");
    await page.getByRole("link", { name: "First", exact: true }).last().click();
    await expect(page).toHaveURL(new RegExp(`/jobs/${first}`));
    await expect(other).toHaveTitle("(1) Jobs – Batch Jobs");
    await other.getByRole("button", { name: "Dismiss" }).click();
    await expect(page).toHaveTitle("First – Batch Jobs");
    await expect(other).toHaveTitle("Jobs – Batch Jobs");
    expect(shown).toHaveLength(2);
    const fourth = other.getByRole("button", { name: "Watch Fourth" });
    await fourth.click();
    await expect(fourth).toHaveAttribute("aria-pressed", "true");
    await signIn(context, await makePerson([org]));
    await other.reload();
    await expect(fourth).toHaveAttribute("aria-pressed", "false");
  });

  test("one that ended while no tab was open is told on coming back", async ({
    context,
    org,
    member: _m,
  }) => {
    await context.grantPermissions(["notifications"]);
    const shown = await noteNotifications(context);
    const [id = ""] = await org.add({ name: "Only", status: "running" });
    const before = await context.newPage();
    await before.goto(`/jobs/${id}?organizationId=${org.id}`);
    await expect(before.getByRole("button", { name: "Watch" })).toBeVisible();
    await before.keyboard.press("w");
    await expect(before.getByRole("button", { name: "Watching" })).toBeVisible();
    await before.close();
    await end(id, "cancelled");
    const after = await context.newPage();
    await after.goto(`/settings/members?organizationId=${org.id}`);
    await expect.poll(() => shown).toEqual(["Only: Cancelled"]);
    await expect(after.getByText("Only: cancelled")).toBeVisible();
  });
});

test("watched jobs of other organizations are followed, and deleted ones are not counted", async ({
  page,
  context,
  makeOrg,
}) => {
  const [org, second] = [await makeOrg(), await makeOrg()];
  await signIn(context, await makePerson([org, second]));
  await context.grantPermissions(["notifications"]);
  const shown = await noteNotifications(context);
  const [id = ""] = await second.add({ name: "Elsewhere", status: "running" });
  await page.goto(`/jobs/${id}?organizationId=${second.id}`);
  await page.getByRole("button", { name: "Watch", exact: true }).click();
  await expect(page.getByRole("button", { name: "Watching" })).toBeVisible();
  await page.goto(`/jobs?organizationId=${org.id}`);
  await end(id, "failed");
  await expect.poll(() => shown, { timeout: 25_000 }).toEqual(["Elsewhere: Failed"]);

  await testDatabase.deleteFrom("batch_jobs").where("id", "=", id).execute();
  const stored = await page.evaluate(() => Object.entries(localStorage));
  await page.evaluate(() => localStorage.clear());
  const other = await context.newPage();
  await other.goto(`/jobs?organizationId=${second.id}`);
  await expect(other).toHaveTitle("Jobs – Batch Jobs");
  await context.setOffline(true);
  const failed = other.waitForEvent("requestfailed", (request) => request.url().includes("/live/watched"));
  await page.evaluate((all) => {
    for (const [key, value] of all) localStorage.setItem(key, value);
  }, stored);
  await failed;
  await expect(other).toHaveTitle("(1) Jobs – Batch Jobs");
  // It is asked again.
  await context.setOffline(false);
  await expect(other).toHaveTitle("Jobs – Batch Jobs", { timeout: 25_000 });
});

test("permission is asked for by pressing Watch only; where notifications are blocked, it says so", async ({
  page,
  context,
  org,
  member: _member,
}) => {
  await context.addInitScript(() => {
    const ask = Notification.requestPermission;
    Notification.requestPermission = () => {
      Object.assign(window, { isAsked: true });
      return ask.call(Notification);
    };
  });
  const [id = ""] = await org.add({ name: "Only", status: "running" });
  await page.goto(`/jobs/${id}?organizationId=${org.id}`);
  const isAsked = () => page.evaluate(() => "isAsked" in window);
  await expect(page.getByText(/^Updated/)).toBeVisible();
  expect(await isAsked()).toBe(false);
  await page.getByRole("button", { name: "Watch", exact: true }).click();
  await expect(page.getByText(/^(Notifications are blocked|You haven’t allowed)/)).toBeVisible();
  expect(await isAsked()).toBe(true);
  await page.getByRole("button", { name: "Watching" }).click();
  await expect(page.getByText(/^(Notifications are blocked|You haven’t allowed)/)).toBeHidden();
  await expect(page.getByRole("button", { name: "Watch", exact: true })).toBeVisible();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});

test("the refresh answers members with their organization's jobs only", async ({
  context,
  org,
  makeOrg,
  member: _m,
}) => {
  const foreign = await makeOrg();
  const [secret] = await foreign.add({ name: "Secret" });
  const [id] = await org.add({ name: "Ours", status: "failed" });
  const ask = (organizationId: string, ids: string) =>
    context.request.get(`/live/watched?organizationId=${organizationId}&ids=${ids}`);
  const answer = await ask(org.id, `${id},${secret},batch_none`);
  expect(await answer.json()).toEqual({ jobs: [{ id, name: "Ours", status: "failed" }] });
  expect(answer.headers()["cache-control"]).toBe("private, no-store");
  expect((await ask(foreign.id, secret ?? "")).status()).toBe(404);
  expect((await ask(org.id, "%00")).status()).toBe(400);
  await context.clearCookies();
  expect((await ask(org.id, id ?? "")).status()).toBe(401);
});
