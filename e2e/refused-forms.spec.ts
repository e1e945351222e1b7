import { insertApiKey } from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { expect, makePerson, type Organization, signIn, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// After a form error, the form shows the input again: to the same person, on the same page, once.

const organizationPage = (org: Organization) => `/settings/organization?organizationId=${org.id}`;

test("a form from another site neither redirects to a page nor prefills it", async ({ request, org }) => {
  for (const headers of [{ Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" }, {}] as Record<
    string,
    string
  >[]) {
    for (const [path, form] of [
      ["/settings/members/invite", { organizationId: org.id, email: "eve@evil.example", role: "owner" }],
      ["/settings/api-keys/create", { organizationId: org.id, name: "Eve’s", read: "true", expiry: "never" }],
      ["/settings/organization/rename", { organizationId: org.id, name: "Eve’s" }],
      ["/settings/account/rename", { name: "Eve’s" }],
      ["/join/accept", { token: "x", name: "Eve" }],
    ] as [string, Record<string, string>][]) {
      // Without cookies: a browser sends none along with another site's form.
      const response = await request.post(path, { form, headers, maxRedirects: 0 });
      expect([401, 403], path).toContain(response.status());
      expect(response.headers()["set-cookie"], path).toBeUndefined();
      expect(response.headers().location, path).toBeUndefined();
    }
  }
});

test("the draft is shown for its own organization only, until the form succeeds", async ({
  page,
  makeOrg,
}) => {
  const [first, second] = [await makeOrg(), await makeOrg()];
  await signIn(page.context(), await makePerson([first, second], { role: "owner" }));
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await page.goto(organizationPage(first));
  await name.fill("x".repeat(201));
  await page.evaluate(() => {
    for (const form of document.forms) form.noValidate = true;
  });
  await name.evaluate((input: HTMLInputElement) => {
    input.removeAttribute("maxlength");
    input.value = "x".repeat(201);
  });
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /200 characters/ })).toBeVisible();
  await expect(name).toHaveValue("x".repeat(201));
  await expect(name, "the wrong field is marked").toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveAccessibleDescription(/^The name must be 1 to 200 characters long/);
  await expect(page.getByLabel("Organization name")).not.toHaveAttribute("aria-invalid");
  await page.goto(organizationPage(second));
  await expect(name, "the other organization has its own name").toHaveValue(`Organization ${second.id}`);
  await page.goto(organizationPage(first));
  await name.fill("Right");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("status").filter({ hasText: /name/ })).toBeVisible();
  await expect(name).toHaveValue("Right");
  expect((await page.context().cookies()).map((cookie) => cookie.name)).not.toContain("batch-jobs.form");
});

test("half a surrogate pair is refused or read as U+FFFD, and never a 5xx", async ({ org, request }) => {
  const apiKeyId = await insertApiKey(org.id, makeApiKey());
  const half = "\\ud800";
  const bodies: [string, string][] = [
    ["/settings/api-keys/rename", `{"organizationId":"${org.id}","apiKeyId":"${half}","name":"a"}`],
    ["/settings/api-keys/rename", `{"organizationId":"${half}","apiKeyId":"${apiKeyId}","name":"a"}`],
    ["/settings/members/remove", `{"organizationId":"${org.id}","userId":"${half}"}`],
    ["/settings/account/end-session", `{"sessionId":"${half}","organizationId":"${half}"}`],
    ["/join/accept", `{"token":"${half}","password":"correct horse battery"}`],
  ];
  const owner = await Caller.as(await makePerson([org], { role: "owner" }));
  for (const [path, data] of bodies) {
    for (const caller of [request, owner.request]) {
      const headers = { "Content-Type": "application/json", Origin: addresses.main };
      const response = await caller.post(path, { data: Buffer.from(data), headers, maxRedirects: 0 });
      expect(response.status(), `${path} ${await response.text()}`).toBeLessThan(500);
    }
  }
  await owner.request.dispose();
});

test("a person who was signed out meanwhile is told so at the sign-in", async ({ page, org }) => {
  const person = await makePerson([org], { role: "owner" });
  await signIn(page.context(), person);
  await page.goto(organizationPage(org));
  await page.context().clearCookies({ name: "batch-jobs.session" });
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Too late");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "You were signed out" })).toBeVisible();
});
