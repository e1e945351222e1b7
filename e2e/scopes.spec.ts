import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { insertApiKey, insertPhoneNumber, testDatabase } from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { expect, makePerson, signIn, test } from "./fixtures";
import { addresses } from "./servers";

// What an API key may do.

const listPath = (org: { id: string }) => `/batch/jobs?organizationId=${org.id}`;

test("a key without the scope that a request needs gets 403, which names it and those the key has", async ({
  org,
  request,
}) => {
  const key = await org.keyWith("manage", "dial");
  const response = await request.get(listPath(org), { headers: { Authorization: `Bearer ${key}` } });
  expect(response.status()).toBe(403);
  expect(await response.json()).toEqual({
    detail: "This needs an API key with the scope read; this key has manage, dial",
    code: "insufficient_scope",
  });
  expect(response.headers()["www-authenticate"]).toBe(
    'Bearer realm="batch-jobs", error="insufficient_scope", scope="read"',
  );
});

test("without the scope, the answer says neither what else is wrong nor whose organization it is", async ({
  makeOrg,
  request,
}) => {
  const [org, other] = [await makeOrg(), await makeOrg()];
  const headers = { Authorization: `Bearer ${await org.keyWith("dial")}` };
  for (const path of [`${listPath(org)}&page=0`, listPath(other), "/batch/jobs"]) {
    const response = await request.get(path, { headers });
    expect(response.status(), path).toBe(403);
    expect((await response.json()).code, path).toBe("insufficient_scope");
  }
});

test("scopes are chosen when a key is created, shown in the list, and kept by rotation", async ({
  page,
  org,
}) => {
  // It is listed before the new one.
  const expiring = {
    created_at: new Date(Date.now() - 60 * 86_400_000),
    expires_at: new Date(Date.now() + 86_400_000),
  };
  await insertApiKey(org.id, makeApiKey(), { name: "Expiring", ...expiring });
  await insertPhoneNumber(org.id, { id: "phone_idle", agent_id: null });
  const phone = await insertPhoneNumber(org.id);
  await signIn(page.context(), await makePerson([org], { role: "owner" }));
  await page.goto(`/settings/api-keys?organizationId=${org.id}`);
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(1);
  await expect(page.getByLabel(/^read/)).toBeChecked();
  await page.getByLabel("Name").fill("Dialer");
  await page.getByLabel(/^read/).uncheck();
  await page.getByLabel(/^dial/).check();
  await page.getByLabel(/^manage/).check();
  await page.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByText("Copy your new API key")).toBeVisible();
  // Only the commands that it may run.
  const textOf = async (id: string) => (await page.locator(id).textContent()) ?? "";
  await expect(page.locator("#new-api-key-read")).toHaveCount(0);
  expect(await textOf("#new-api-key-dial")).toBe(
    `BATCH_JOBS_URL=${addresses.main} BATCH_JOBS_API_KEY=${await textOf("#new-api-key")} npm run -s dialer -- --simulate`,
  );
  await promisify(execFile)("sh", ["-c", `${await textOf("#new-api-key-manage")} -s`]);
  expect((await org.list()).batchJobs).toMatchObject([
    { fromPhoneNumberId: phone, status: "scheduled", totalContacts: 1 },
  ]);
  const row = page.getByRole("listitem").filter({ hasText: "Dialer" });
  await expect(row).toContainText("manage, dial");
  await row.getByRole("link", { name: "Dialer" }).click();
  await expect(page.getByText("manage, dial")).toBeVisible();
  await page.getByRole("button", { name: "Rotate key" }).click();
  await expect(page.getByText("New API key created")).toBeVisible();
  const keys = await testDatabase
    .selectFrom("api_keys")
    .where("organization_id", "=", org.id)
    .where("name", "=", "Dialer")
    .select("scopes")
    .execute();
  expect(keys).toEqual([{ scopes: ["manage", "dial"] }, { scopes: ["manage", "dial"] }]);
});

test("a form without a scope comes back with what was typed", async ({ page, org }) => {
  await signIn(page.context(), await makePerson([org], { role: "owner" }));
  await page.goto(`/settings/api-keys?organizationId=${org.id}`);
  await page.getByLabel("Name").fill("Nothing");
  await page.getByLabel(/^read/).uncheck();
  await page.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByText("Choose at least one scope.")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("Nothing");
  await expect(page.getByLabel(/^read/)).not.toBeChecked();
});
