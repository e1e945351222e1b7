import { createEmptyDatabase } from "@/db/fixtures-postgres";
import { expect, freePort, test as processTest, type Variables } from "./process";
import { secret } from "./servers";

const test = processTest;

/** A server on an empty database of its own, as an operator starts it the first time. */
async function startEmpty(workshop: import("./process").Workshop) {
  const port = await freePort();
  const variables: Variables = {
    DATABASE_URL: await createEmptyDatabase(),
    NEXTAUTH_URL: `http://localhost:${port}`,
    NEXTAUTH_SECRET: secret,
    PORT: String(port),
  };
  const running = workshop.start(variables);
  await running.shows("Stop with Ctrl-C");
  const code = /setup code {2}(\S+)/.exec(running.stdout)?.[1] ?? "";
  return { address: `http://localhost:${port}`, code, running, variables };
}

test.describe.configure({ timeout: 120_000 });

test("the first owner is created in the browser, with the code that the server printed, once", async ({
  workshop,
  page,
  playwright,
}) => {
  const { address, code, running, variables } = await startEmpty(workshop);
  expect(running.stdout).toContain(`page        ${address}/setup`);
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);

  await page.goto(`${address}/`);
  await expect(page, "nobody can sign in yet").toHaveURL(`${address}/setup`);
  await page.getByLabel("Setup code").fill("0000-0000-0000-0000");
  await page.getByLabel("Organization name").fill("Example Ltd");
  await page.getByLabel(/^Organization ID/).fill("org_moved");
  await page.getByLabel("Your name").fill("Ana Owner");
  await page.getByLabel("Email address").fill("Ana@Example.com");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Complete setup" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "setup code" })).toContainText(
    "Incorrect setup code",
  );
  await expect(page.getByLabel("Email address"), "the input is kept").toHaveValue("Ana@Example.com");
  await expect(page.getByLabel("Password")).toHaveValue("");

  await page.getByLabel("Setup code").fill(` ${code.toLowerCase().replaceAll("-", " ")}`);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Complete setup" }).click();
  await expect(page, "the owner is signed in").toHaveURL(`${address}/jobs?organizationId=org_moved`);
  await expect(page.getByRole("button", { name: "Organization menu: Example Ltd" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "No jobs yet" })).toBeVisible();

  const stranger = await playwright.request.newContext({ baseURL: address });
  const again = await stranger.get("/setup", { maxRedirects: 0 });
  expect(again.headers().location).toBe("/sign-in");
  const form = {
    setupCode: code,
    organizationName: "Evil",
    email: "eve@example.com",
    password: "correct horse battery",
  };
  const refused = await stranger.post("/setup/create", {
    form: { ...form, json: "true" },
    headers: { Origin: address },
  });
  expect(refused.status()).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "already_set_up" });
  await stranger.dispose();

  // A later start prints no code.
  running.child.kill("SIGTERM");
  await running.ended;
  const later = workshop.start(variables);
  await later.shows("Stop with Ctrl-C");
  expect(later.stdout).not.toContain("setup code");
});

test("of two concurrent setups one succeeds; invalid fields are named; wrong codes lock nobody out", async ({
  workshop,
  playwright,
}) => {
  const { address, code } = await startEmpty(workshop);
  const request = await playwright.request.newContext({
    baseURL: address,
    extraHTTPHeaders: { Origin: address },
  });
  const form = (given: Record<string, string>): Record<string, string> => ({
    setupCode: code,
    organizationName: "Example",
    email: "ana@example.com",
    password: "correct horse battery",
    json: "true",
    ...given,
  });
  const post = (given: Record<string, string>) => request.post("/setup/create", { form: form(given) });
  for (const [given, errorCode] of [
    [{ organizationName: "" }, "invalid_organization_name"],
    [{ organizationName: "x".repeat(201) }, "invalid_organization_name"],
    [{ organizationId: "not an id" }, "invalid_organization_id"],
    [{ email: "nobody" }, "invalid_email"],
    [{ password: "short" }, "invalid_password"],
    [{ name: "\0" }, "invalid_name"],
  ] as [Record<string, string>, string][]) {
    const answer = await post(given);
    expect(answer.status()).toBe(400);
    expect(await answer.json()).toMatchObject({ code: errorCode });
  }
  const wrong = Array.from({ length: 110 }, (_, at) => post({ setupCode: `0000-0000-0000-${at}` }));
  const statuses = (await Promise.all(wrong)).map((answer) => answer.status());
  expect(new Set(statuses)).toEqual(new Set([422]));

  const both = await Promise.all([post({ email: "a@example.com" }), post({ email: "b@example.com" })]);
  expect(both.map((answer) => answer.status()).sort()).toEqual([200, 409]);
  await request.dispose();
});
