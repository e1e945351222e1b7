import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { everyPage, expectNoSidewaysScroll, fill } from "./every-page";
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
    await expect(page.getByRole("button", { name: "Refresh" })).toBeFocused();

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
      expect.arrayContaining(["Refresh", "Copy ID of First", "Search by name or ID", "Filter", "Export"]),
    );
    expect(stops.at(-1)).toContain("100");
    // Two stops for a row: its id and its times.
    expect(stops.length).toBeLessThan(38);

    const menu = page.getByRole("button", { name: /^Time zone: UTC/ });
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: /^Automatic/ })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: /^Automatic/ })).toBeHidden();
    await expect(menu).toBeFocused();
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
  for (const text of ["Stalled", "Running", "4,000 of 9,000 contacts", /No progress for/]) {
    await expect(row.getByText(text).first()).toBeVisible();
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
  const sum = (end: string) =>
    [...sizes].filter(([path]) => path.endsWith(end)).reduce((total, [, size]) => total + size, 0) / 1_000;
  test.info().annotations.push({
    type: "kB",
    description: `js ${sum(".js")}, css ${sum(".css")}, page ${sum("/jobs")}`,
  });
  console.log(
    `jobs page: ${sum(".js")} kB of scripts, ${sum(".css")} kB of styles, ${sum("/jobs")} kB of HTML`,
  );
  expect(sum(".js")).toBeLessThan(200);
  expect(sum(".css")).toBeLessThan(12);
});
