import { chromium, type Page } from "@playwright/test";
import { insertApiKey, testDatabase } from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { chromiumPath } from "./browser";
import { expect, makePerson, type Organization, signIn, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// What a page says about a key must be true when an owner acts on it.

const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const keyPage = (org: Organization, id: string) => `/settings/api-keys/${id}?organizationId=${org.id}`;
const keysPage = (org: Organization) => `/settings/api-keys?organizationId=${org.id}`;

async function asOwner(page: Page, org: Organization) {
  const owner = await makePerson([org], { role: "owner", name: "Olga Owner" });
  await signIn(page.context(), owner);
  return owner;
}

test("a key says who created it, and so does its successor", async ({ page, org }) => {
  await asOwner(page, org);
  await page.goto(keysPage(org));
  await page.getByLabel("Name").fill("Marked");
  await page.getByRole("button", { name: "Create API key" }).click();
  await page.getByRole("link", { name: "Marked" }).click();
  await expect(page.getByText("by Olga Owner")).toBeVisible();
  await page.getByRole("button", { name: "Rotate" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: "Active" })
    .getByRole("link", { name: "Marked" })
    .click();
  await expect(page.getByText("by Olga Owner")).toBeVisible();
  await page.getByRole("link", { name: "View the key that this one replaces" }).click();
  await expect(page.getByRole("heading", { name: "Rotation in progress" })).toBeVisible();
});

test("the first use after a rotation is recorded at once, even if the key was used shortly before", async ({
  page,
  org,
}) => {
  await asOwner(page, org);
  const { id } = await testDatabase
    .selectFrom("api_keys")
    .where("organization_id", "=", org.id)
    .select("id")
    .executeTakeFirstOrThrow();
  await org.list();
  await page.goto(keyPage(org, id));
  await page.getByRole("button", { name: "Rotate" }).click();
  await expect(page.getByRole("heading", { name: "Copy your new API key" })).toBeVisible();
  await page.goto(keyPage(org, id));
  await expect(
    page.getByText("No program has used this key since its replacement was created."),
  ).toBeVisible();
  await org.list();
  // Noted without keeping the request waiting.
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^A program used this key/)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByText("Revoke now…").click();
  await expect(page.getByText("will be rejected starting with its next request")).toBeVisible();
});

for (const [overlap, endsInMinutes, said] of [
  ["No overlap: revoke the old key now", 90 * 1_440, /^The old key tk_live_\w{4}….{4} has been revoked\.$/],
  ["7 days", undefined, /works until it expires in 7 d \(.* UTC\)\.$/],
  ["7 days", 125, /works until it expires in 2 h [45] min \(.* UTC\)\.$/],
] as const) {
  const end = said.source.includes("2 h") ? "of a key that ends in two hours " : "";
  test(`after a rotation with "${overlap}" ${end}the page says until when the old one works`, async ({
    page,
    org,
  }) => {
    const id = await insertApiKey(org.id, makeApiKey(), {
      expires_at: endsInMinutes === undefined ? null : minutes(endsInMinutes),
    });
    await asOwner(page, org);
    await page.goto(keyPage(org, id));
    await expect(page.getByText(/^This key expires in 2 h/)).toHaveCount(end === "" ? 0 : 1);
    await page.getByLabel("Keep the old key for").selectOption(overlap);
    await page.getByRole("button", { name: "Rotate" }).click();
    await expect(page.getByText(said)).toBeVisible();
  });
}

test("a key whose successor was revoked can be rotated again", async ({ page, org }) => {
  const id = await insertApiKey(org.id, makeApiKey(), { name: "Nightly" });
  const owner = await asOwner(page, org);
  const caller = await Caller.as(owner);
  const form = { organizationId: org.id, apiKeyId: id, overlap: "168", expiry: "90" };
  expect(await caller.tell("/settings/api-keys/rotate", form)).toBe("200");
  expect(await caller.tell("/settings/api-keys/rotate", form)).toBe("409 api_key_rotating");
  const successorOf = async () =>
    (
      await testDatabase
        .selectFrom("api_keys")
        .where("id", "=", id)
        .select("successor_id")
        .executeTakeFirstOrThrow()
    ).successor_id ?? "";
  const first = await successorOf();
  expect(
    await caller.tell("/settings/api-keys/revoke", {
      organizationId: org.id,
      apiKeyId: first,
      confirmedName: "Nightly",
    }),
  ).toBe("200");
  await page.goto(keyPage(org, id));
  await expect(page.getByText("The key that replaced this one has expired or been revoked.")).toBeVisible();
  await page.getByRole("button", { name: "Rotate" }).click();
  await expect(page.getByText(/works until it expires/)).toBeVisible();
  expect(await successorOf()).not.toBe(first);
  await caller.request.dispose();
});

test("a new key is shown only on its own organization's page, and only to page requests", async ({
  page,
  makeOrg,
}) => {
  const [first, second] = [await makeOrg(), await makeOrg()];
  await signIn(page.context(), await makePerson([first, second], { role: "owner" }));
  await page.request.post("/settings/api-keys/create", {
    form: { organizationId: first.id, name: "Mine", read: "true", expiry: "90", json: "true" },
    headers: { Origin: addresses.main },
  });
  const key = page.locator("#new-api-key");
  await page.goto(keysPage(second));
  await expect(page.getByRole("heading", { name: "Active keys" })).toBeVisible();
  await expect(key).toHaveCount(0);
  // Within the same page a script asks for what is on the next one, and draws it without what only HTML has.
  await page.goto(`/settings/members?organizationId=${first.id}`);
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "Active keys" })).toBeVisible();
  await expect(key).toHaveCount(0);
  await page.reload();
  await expect(key).toHaveText(/^tk_live_\w{49}$/);
  await page.reload();
  await expect(key).toHaveCount(0);
});

test("going back doesn't show the key again, even from the browser's page cache", async ({ org }) => {
  // Playwright turns that memory off; people's browsers have it.
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  const page = await browser.newPage({ baseURL: addresses.main });
  await asOwner(page, org);
  // It keeps a page most of the time, not each time.
  let isFromMemory = false;
  for (let time = 0; time < 10 && !isFromMemory; time++) {
    await page.goto(keysPage(org));
    await page.getByLabel("Name").fill("Once");
    await page.getByRole("button", { name: "Create API key" }).click();
    const key = (await page.locator("#new-api-key").textContent()) ?? "";
    expect(key).toMatch(/^tk_live_/);
    await page.waitForLoadState("networkidle");
    // By an address: what a link of ours leads to is drawn in the same page, which then has no key any more.
    await page.evaluate(() => {
      Object.assign(window, { isFromMemory: true });
      location.href = "/jobs";
    });
    await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
    await page.evaluate(() => history.back());
    await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
    isFromMemory = await page.evaluate(() => "isFromMemory" in window);
    expect(await page.content()).not.toContain(key);
  }
  expect(isFromMemory).toBe(true);
  await browser.close();
});

test("reloading says that the key cannot be shown again, and what to do", async ({ page, org }) => {
  await asOwner(page, org);
  await page.goto(keysPage(org));
  await page.getByLabel("Name").fill("Once");
  await page.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByText("You won’t be able to see it again")).toBeVisible();
  await page.reload();
  await expect(
    page.getByText(/^The key is shown only once\. If you didn’t copy it, revoke it/),
  ).toBeVisible();
});

test("without clipboard access, the text to copy is selected", async ({ page, org }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await asOwner(page, org);
  await page.goto(keysPage(org));
  await page.getByLabel("Name").fill("By hand");
  await page.getByRole("button", { name: "Create API key" }).click();
  const key = (await page.locator("#new-api-key").textContent()) ?? "";
  await page.getByRole("button", { name: "Copy the API key" }).click();
  await expect(page.getByText("Press Ctrl+C or ⌘C to copy")).toBeVisible();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(key);
});
