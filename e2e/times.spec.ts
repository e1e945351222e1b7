import type { Page } from "@playwright/test";
import { expect, makePerson, signIn, test } from "./fixtures";

// Times are shown with their zone. 23:30 in UTC is another day in Tokyo.

const created = new Date("2026-03-14T23:30:05Z");
const inZone = {
  UTC: "Sat, 14 Mar 2026, 23:30:05 UTC",
  "Asia/Tokyo": "Sun, 15 Mar 2026, 08:30:05 GMT+9",
  "America/New_York": "Sat, 14 Mar 2026, 19:30:05 GMT-4",
};

/** The exact time as it stands in the page that the server sent. */
async function inTheServersPage(page: Page, address: string): Promise<string> {
  return (await page.request.get(address)).text();
}

const createdTime = (page: Page) => page.locator("tbody time").last();

async function shown(page: Page): Promise<string> {
  return (await createdTime(page).getAttribute("title")) ?? "";
}

test.describe("in a browser in Tokyo", () => {
  test.use({ timezoneId: "Asia/Tokyo" });

  test("the first page after signing in has the browser's time zone, without a flicker", async ({
    page,
    org,
  }) => {
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    const person = await makePerson([org]);
    await org.add({ created_at: created });
    await page.goto("/sign-in");
    await page.getByLabel("Email address").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    const documents: Promise<string>[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/jobs?") && response.status() === 200) documents.push(response.text());
    });
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/jobs\?/);
    expect(await shown(page)).toContain(inZone["Asia/Tokyo"]);
    expect(documents).toHaveLength(1);
    expect(await documents[0]).toContain(inZone["Asia/Tokyo"]);
    expect(said).toEqual([]);
  });

  test("without the sign-in form, the server renders UTC, and the browser's zone follows", async ({
    page,
    org,
    context,
  }) => {
    await signIn(context, await makePerson([org]), "");
    await org.add({ created_at: created });
    expect(await inTheServersPage(page, "/jobs")).toContain(inZone.UTC);
    await page.goto("/jobs");
    await expect.poll(() => shown(page)).toContain(inZone["Asia/Tokyo"]);
    expect(await inTheServersPage(page, "/jobs")).toContain(inZone["Asia/Tokyo"]);
  });

  test("times are relative for a week, then dates in the person's zone, with the exact time as their title", async ({
    page,
    org,
    context,
  }) => {
    const dayMs = 86_400_000;
    await org.add(
      {
        name: "A",
        created_at: created,
        scheduled_start_time: new Date("2100-12-31T23:30:00Z"),
        status: "pending",
      },
      { name: "B", created_at: new Date(Date.now() - 6.5 * dayMs) },
    );
    await signIn(context, await makePerson([org]), "Asia/Tokyo");
    await page.goto("/jobs?sort=createdAt");
    const row = (name: string) => page.getByRole("row", { name: new RegExp(`^${name}`) }).locator("time");
    await expect(row("A")).toHaveText(["1 Jan 2101", "15 Mar 2026"]);
    await expect(row("A").last()).toHaveAttribute("title", inZone["Asia/Tokyo"]);
    await expect(row("A").last()).toHaveAttribute("datetime", "2026-03-14T23:30:05.000Z");
    await expect(row("B")).toHaveText(["6 d 12 h ago"]);
    await row("A").last().hover();
    expect(
      await row("A")
        .last()
        .evaluate((time) => {
          const { x, y } = time.getBoundingClientRect();
          return document.elementFromPoint(x + 2, y + 2) === time;
        }),
      "the browser shows the title, as nothing is above it",
    ).toBe(true);
  });

  test("the menu switches to UTC for the person, on every device", async ({
    page,
    org,
    context,
    browser,
  }) => {
    const person = await makePerson([org]);
    await signIn(context, person, "Asia/Tokyo");
    await org.add({ created_at: created });
    const address = `/jobs?organizationId=${org.id}&status=completed`;
    await page.goto(address);
    await page.getByRole("button", { name: "Time zone: Asia/Tokyo" }).click();
    await page.getByRole("button", { name: "UTC" }).click();
    await expect(page, "one stays where one is").toHaveURL(address);
    await expect(page.getByRole("button", { name: "Time zone: UTC" })).toBeVisible();
    expect(await shown(page)).toContain(inZone.UTC);

    const elsewhere = await browser.newContext({ timezoneId: "America/New_York" });
    await signIn(elsewhere, person, "America/New_York");
    const there = await elsewhere.newPage();
    await there.goto(address);
    expect(await shown(there)).toContain(inZone.UTC);
    await there.getByRole("button", { name: /^Time zone: / }).click();
    await there.getByRole("button", { name: "Automatic (America/New York)" }).click();
    await expect.poll(() => shown(there)).toContain(inZone["America/New_York"]);
    await page.reload();
    expect(await shown(page)).toContain(inZone["Asia/Tokyo"]);
    await elsewhere.close();
  });
});

test("a zone can be chosen from all existing ones, and others are refused", async ({
  page,
  org,
  context,
}) => {
  await signIn(context, await makePerson([org]));
  await org.add({ created_at: created });
  await page.goto("/jobs");
  await page.getByRole("button", { name: /^Time zone: UTC/ }).click();
  await page.getByRole("link", { name: "Other time zone…" }).click();
  const select = page.getByLabel("Time zone", { exact: true });
  await expect(select).toBeVisible();
  expect(await select.locator("option").count()).toBeGreaterThan(300);
  await select.selectOption("America/New_York");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/jobs/);
  expect(await shown(page)).toContain(inZone["America/New_York"]);

  for (const timeZone of ["Mars/Olympus", "../etc", "UTC\0", "x".repeat(100)]) {
    const answer = await page.request.post("/settings/display/save", {
      form: { timeZone, json: "true" },
      headers: { Origin: new URL(page.url()).origin },
    });
    expect(answer.status(), timeZone).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid_time_zone" });
  }
});

test("zones have their current names, and an old name from the database or a browser is the same zone", async ({
  page,
  org,
  context,
}) => {
  const options = () =>
    page
      .getByLabel("Time zone", { exact: true })
      .locator("option")
      .evaluateAll((all) => all.map((one) => one.textContent));
  for (const [stored, shown] of [
    ["Asia/Calcutta", "Asia/Kolkata"],
    ["Europe/Kiev", "Europe/Kyiv"],
    ["America/Godthab", "America/Nuuk"],
    ["US/Pacific", "US/Pacific"],
  ] as const) {
    await signIn(context, await makePerson([org], { timeZone: stored }), "Asia/Saigon");
    await page.goto("/settings/display");
    const select = page.getByLabel("Time zone", { exact: true });
    await expect(select).toHaveValue(shown);
    expect(await options()).toContain("Automatic (Asia/Ho Chi Minh)");
    await page.getByLabel("Dark").check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("button", { name: `Time zone: ${shown}` })).toBeVisible();
  }
  await page.goto("/settings/display");
  const names = await options();
  expect(names).toEqual(
    expect.arrayContaining(["Asia/Kolkata", "Asia/Kathmandu", "Asia/Yangon", "Europe/Kyiv"]),
  );
  for (const old of ["Asia/Calcutta", "Asia/Katmandu", "Asia/Rangoon", "Europe/Kiev"]) {
    expect(names).not.toContain(old);
  }
  expect(new Set(names).size).toBe(names.length);
});

test("an invalid time zone cookie is ignored", async ({ page, org, context }) => {
  await org.add({ created_at: created });
  for (const zone of ["nonsense", "%00", "%25", "%", "%E0%A4%A", "a".repeat(1_000), "<script>"]) {
    await signIn(context, await makePerson([org]), zone);
    expect(await inTheServersPage(page, "/jobs"), zone).toContain(inZone.UTC);
  }
});
