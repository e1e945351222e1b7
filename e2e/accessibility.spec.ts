import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { insertDialableJob } from "@/db/fixtures";
import { addVariedJob, everyPage, expectNoSidewaysScroll, fill } from "./every-page";
import { expect, makePerson, signIn, test } from "./fixtures";

// Accessibility and appearance: every page, in both themes, from 320 px on, without messages on the console.

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong by WCAG 2.2 AA and its best practices, or by the given rules alone, in a line each. */
async function findBarriers(page: Page, ...rules: string[]): Promise<string[]> {
  await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules.length > 0 && { runOnly: rules }) };
  const results: AxeResults = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`);
  return results.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${impact} ${id} ${target.join(" ")}: ${failureSummary}`),
  );
}

for (const { name, open } of everyPage) {
  test(`${name}: axe finds no problems, nothing overflows, and the console is empty`, async ({
    page,
    makeOrg,
  }) => {
    const orgs = { full: await makeOrg(), empty: await makeOrg() };
    await fill(orgs.full);
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(page, orgs);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page).toHaveTitle(/ – Batch Jobs$/);
    for (const width of [320, 390, 768, 1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoSidewaysScroll(page);
      if (width !== 320 && width !== 1280) continue;
      expect(await findBarriers(page), `at ${width} px`).toEqual([]);
      // The themes differ in colors alone.
      await page.emulateMedia({ colorScheme: "dark" });
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
      expect(await findBarriers(page, "color-contrast"), `with the dark theme at ${width} px`).toEqual([]);
      await page.emulateMedia({ colorScheme: "light" });
    }
    // A browser notes each answer that is an error; that is no word of ours.
    expect(said.filter((line) => !/status of 404/.test(line))).toEqual([]);
  });
}

test.describe("theme", () => {
  const canvas = (page: Page) =>
    page.locator("html").evaluate((html) => getComputedStyle(html).backgroundColor);

  test("follows the system until one is chosen for this browser, also on pages without sign-in", async ({
    page,
    context,
    org,
  }) => {
    await signIn(context, await makePerson([org]));
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("/jobs");
    const light = await canvas(page);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await canvas(page);
    expect(dark).not.toBe(light);
    await page.getByRole("button", { name: /^Account menu/ }).click();
    await page.getByRole("button", { name: "Light" }).click();
    await expect.poll(() => canvas(page)).toBe(light);
    await page.goto("/nothing");
    expect(await canvas(page)).toBe(light);
    await page.goto("/jobs");
    await page.getByRole("button", { name: /^Account menu/ }).click();
    await page.getByRole("button", { name: "System" }).click();
    await expect.poll(() => canvas(page)).toBe(dark);
  });
});

test.describe("by keyboard alone", () => {
  test("Tab first offers to skip the header, focus is always visible, and menus can be used", async ({
    page,
    org,
    member: _member,
  }) => {
    await org.add({ name: "First" }, { name: "Second", status: "failed" });
    await page.goto("/jobs");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "All jobs" })).toBeFocused();

    await page.goto("/jobs");
    const stops: string[] = [];
    for (let stop = 0; stop < 60; stop++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
        return {
          name,
          isVisible: outlineStyle !== "none" && outlineWidth !== "0px" && box.width > 0,
          tag: element.tagName,
        };
      });
      if (focus.tag === "BODY") break;
      expect(focus.isVisible, focus.name).toBe(true);
      stops.push(focus.name);
    }
    expect(stops[0]).toContain("Skip");
    expect(stops).toEqual(
      expect.arrayContaining([
        "Refresh",
        "Keyboard shortcuts",
        "Search by name, ID or phone number",
        "Filter",
        "Export",
      ]),
    );
    expect(stops.at(-1)).toContain("100");
    const rows = stops.slice(stops.indexOf("Second"), stops.indexOf("Second") + 2);
    expect(rows, "a row is one stop").toEqual(["Second", "First"]);

    const menu = page.getByRole("button", { name: /^Time zone: UTC/ });
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: /^Automatic/ })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: /^Automatic/ })).toBeHidden();
    await expect(menu).toBeFocused();
  });

  test("one key turns pages, finds, copies and shows help, but not while typing, and it can be turned off", async ({
    page,
    context,
    org,
    member: _member,
  }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const created = (at: number) => ({ name: `Job ${at}`, created_at: new Date(Date.now() - at * 60_000) });
    const [id = ""] = await org.add(...[0, 1, 2, 3, 4].map(created));
    await page.goto("/jobs?pageSize=2");
    const shown = (text: string) => expect(page.getByText(text)).toBeVisible();
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    // Keys do nothing until the page has its scripts.
    await expect(async () => {
      await page.getByRole("link", { name: "Job 0" }).focus();
      await page.keyboard.press("c");
      await expect(page.getByRole("button", { name: "Copied ID of Job 0" })).toBeAttached({ timeout: 1_000 });
    }).toPass();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
    await page.keyboard.press("j");
    await shown("3–4 of 5");
    await page.keyboard.press("j");
    await shown("5–5 of 5");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await shown("3–4 of 5");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("?");
    await expect(dialog).toBeVisible();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press("k");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await shown("3–4 of 5");

    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await page.getByLabel("Use keyboard shortcuts").uncheck();
    await page.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("?");
    await expect(dialog).toBeHidden();
    await page.reload();
    await expect(page.getByText(/^Updated/)).toBeVisible();
    await page.keyboard.press("?");
    await expect(dialog).toBeHidden();
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await page.getByLabel("Use keyboard shortcuts").check();
    await page.keyboard.press("Escape");

    const job = await insertDialableJob(org.id, 60, {});
    await page.goto(`/jobs/${job}?organizationId=${org.id}`);
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox", { name: "Search by number or name" });
    await expect(search).toBeFocused();
    await page.keyboard.type("j?/");
    await expect(search).toHaveValue("j?/");
    await search.blur();
    await page.keyboard.press("j");
    await shown("51–60 of 60");
  });

  test("choosing a filter keeps the focus", async ({ page, org, member: _member }) => {
    await org.add({ status: "failed" }, {});
    await page.goto("/jobs");
    const failed = page.getByRole("link", { name: /^Failed 1/ });
    await failed.focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/status=failed/);
    await expect(failed).toBeFocused();
  });
});

test("on a phone rows are cards, and nothing is cut off", async ({ page, org, member: _member }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await fill(org);
  await page.goto("/jobs");
  const row = page.getByRole("row", { name: /^Stalled/ });
  const box = await row.boundingBox();
  expect(box?.width).toBeLessThan(320);
  for (const text of ["Stalled", "Running", "4,000 of 9,000 contacts", /No progress for/, "1 h 30 min ago"]) {
    await expect(row.getByText(text).first()).toBeVisible();
  }
});

test("on paper there are no controls, a table is as wide as the page, and no row is cut in two", async ({
  page,
  org,
  member: _member,
}) => {
  await fill(org);
  const job = await addVariedJob(org);
  // A4 with the margins of Chromium, in CSS pixels.
  await page.setViewportSize({ width: 718, height: 1_000 });
  await page.emulateMedia({ media: "print" });
  for (const [path, headings] of [
    ["/jobs", ["Name", "Status", "Progress", "Scheduled", "Started", "Ended", "Created"]],
    [`/jobs/${job}`, ["No.", "Contact", "Status", "Attempts", "Last attempt", "Outcome"]],
  ] as const) {
    await page.goto(`${path}?organizationId=${org.id}`);
    await expect(page.getByText(/^As of .* UTC$/)).toBeVisible();
    await expect(page.getByRole("columnheader")).toHaveText([...headings], { useInnerText: true });
    await expectNoSidewaysScroll(page);
    const table = await page.getByRole("table").boundingBox();
    expect(table?.width).toBeGreaterThan(700);
    const controls = page.locator("button, input, select, nav, header").filter({ visible: true });
    await expect(controls).toHaveCount(0);
    const styles = await page.locator("tbody tr").evaluateAll((rows) =>
      rows.map((row) => {
        const { display, breakInside } = getComputedStyle(row);
        return `${display}, break-inside: ${breakInside}`;
      }),
    );
    expect(new Set(styles)).toEqual(new Set(["table-row, break-inside: avoid"]));
  }
});

test("a page loads little", async ({ page, org, member: _member }) => {
  await fill(org);
  const sizes = new Map<string, number>();
  page.on("response", async (response) => {
    // A response may arrive after the test.
    const found = await response
      .request()
      .sizes()
      .catch(() => undefined);
    if (found) sizes.set(new URL(response.url()).pathname, found.responseBodySize);
  });
  await page.goto("/jobs");
  await page.waitForLoadState("networkidle");
  const job = await page.request.get(`/jobs/${await addVariedJob(org)}?organizationId=${org.id}`);
  const jobSize = (await job.body()).length / 1_000;
  const sum = (end: string) =>
    [...sizes].filter(([path]) => path.endsWith(end)).reduce((total, [, size]) => total + size, 0) / 1_000;
  test.info().annotations.push({
    type: "kB",
    description: `js ${sum(".js")}, css ${sum(".css")}, page ${sum("/jobs")}`,
  });
  console.log(
    `jobs page: ${sum(".js")} kB of scripts, ${sum(".css")} kB of styles, ${sum("/jobs")} kB of HTML; a job: ${jobSize} kB of HTML`,
  );
  // Uncompressed, with fifty contacts.
  expect(jobSize).toBeLessThan(130);
  expect(sum(".js")).toBeLessThan(200);
  expect(sum(".css")).toBeLessThan(12);
});
