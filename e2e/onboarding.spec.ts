import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { uniqueId } from "@/db/fixtures";
import { expect, makePerson, signIn, test } from "./fixtures";

// How a new owner gets from an invitation to a rotated API key. Screenshots of each step are in e2e/.output/onboarding.

const folder = path.resolve(import.meta.dirname, ".output/onboarding");

test("invite, join, create a key, use it, rotate it with an overlap, revoke the old one", async ({
  page,
  browser,
  org,
}) => {
  let step = 0;
  const screenshot = (of: Page, name: string) =>
    of.screenshot({ path: path.join(folder, `${++step}-${name}.png`), fullPage: true });
  await signIn(page.context(), await makePerson([org], { role: "owner", name: "Olga Owner" }));

  await page.goto(`/settings/members?organizationId=${org.id}`);
  await page.getByLabel("Email address").fill(`${uniqueId("ana")}@example.com`);
  await page.getByLabel("Role", { exact: true }).selectOption("Owner");
  await page.getByRole("button", { name: "Invite" }).click();
  const link = (await page.locator("#invitation-link").textContent()) ?? "";
  await screenshot(page, "invited");

  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  const ana = await context.newPage();
  await ana.goto(link);
  await ana.getByLabel("Your name").fill("Ana Rossi");
  await ana.getByLabel("Choose a password").fill("correct horse battery");
  await screenshot(ana, "invitation-on-a-phone");
  await ana.getByRole("button", { name: "Join" }).click();
  await expect(ana.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();

  await ana.goto(`/settings/api-keys?organizationId=${org.id}`);
  await ana.getByLabel("Name").fill("Nightly sync");
  await ana.getByRole("button", { name: "Create API key" }).click();
  const first = (await ana.locator("#new-api-key").textContent()) ?? "";
  const command = (await ana.locator("#new-api-key-read").textContent()) ?? "";
  await screenshot(ana, "a-new-key-on-a-phone");
  const curl = async (key: string) => {
    const pasted = command.replace(first, key);
    const { stdout } = await promisify(execFile)("sh", ["-c", `${pasted} -s -w '%{http_code}' -o /dev/null`]);
    return stdout;
  };
  expect(await curl(first)).toBe("200");

  await page.goto(`/settings/api-keys?organizationId=${org.id}`);
  await page.getByRole("link", { name: "Nightly sync" }).click();
  await screenshot(page, "the-key");
  await page.getByLabel("Keep the old key for").selectOption("24 hours");
  await page.getByRole("button", { name: "Rotate" }).click();
  const second = (await page.locator("#new-api-key").textContent()) ?? "";
  await expect(page.getByText(/works until it expires in 1 d/)).toBeVisible();
  await screenshot(page, "rotated");
  expect([await curl(first), await curl(second)]).toEqual(["200", "200"]);

  await page.getByRole("listitem").filter({ hasText: "Rotating" }).getByRole("link").click();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^A program used this key/)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByText("Revoke now…").click();
  await screenshot(page, "still-used");
  await page.getByRole("button", { name: "Revoke anyway" }).click();
  await expect(page.getByText("The old key has been revoked.")).toBeVisible();
  await screenshot(page, "ended");
  expect([await curl(first), await curl(second)]).toEqual(["401", "200"]);
  await context.close();
});
