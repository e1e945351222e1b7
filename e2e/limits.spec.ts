import { type APIResponse, request as playwrightRequest } from "@playwright/test";
import { sql } from "kysely";
import { createClient } from "@/db/client";
import { createEmptyDatabase } from "@/db/fixtures-postgres";
import { postSignIn } from "./fixtures";
import { startMailServer } from "./mail-server";
import { Caller } from "./people";
import { expect, freePort, test } from "./process";
import { secret } from "./servers";

// What one client and one person can make a server do: limits of an address, of a network, of a person, and of all.

test("limits by client address behind two proxies; organizations and mails of a person and of the server", async ({
  workshop,
  page,
}) => {
  const mail = await startMailServer();
  const [databaseUrl, port] = [await createEmptyDatabase(), await freePort()];
  const address = `http://localhost:${port}`;
  const running = workshop.start({
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    PORT: `${port}`,
    SMTP_URL: mail.url,
    TRUSTED_PROXY_COUNT: "2",
  });
  await running.shows("Stop with Ctrl-C", 60_000);
  const database = createClient({
    databaseUrl,
    poolMax: 1,
    applicationName: "batch-jobs tests",
    timeouts: false,
  });
  /** Sets what is counted against a limit, whosever it is. */
  const setCounted = (limit: string, points: number) =>
    sql`update sign_in_attempts set points = ${points} where key like ${`${limit}:%`}`.execute(database);

  await test.step("one X-Forwarded-For entry is not believed, the first of two is, and a /48 has a limit of its own", async () => {
    const guess = async (forwardedFor: string) => {
      const client = await playwrightRequest.newContext({
        baseURL: address,
        extraHTTPHeaders: { Origin: address, "X-Forwarded-For": forwardedFor },
      });
      const response = await postSignIn(client, { email: "x@example.com", password: "not the password" });
      await client.dispose();
      return response.status();
    };
    const statuses: number[] = [];
    for (let at = 0; at <= 10; at++)
      statuses.push(await guess(at % 2 ? `203.0.113.${at}` : "unknown, 10.0.0.1"));
    expect(statuses, "all of them are the connection's address").toEqual([...Array(10).fill(401), 429]);
    expect(await guess("203.0.113.1, 10.0.0.1")).toBe(401);
    expect(await guess("203.0.113.2, 203.0.113.1, 10.0.0.1"), "the same client, with a made-up entry").toBe(
      401,
    );
    expect(await guess("2001:db8:7:1::1, 10.0.0.1")).toBe(401);
    await setCounted("site", 400);
    expect(await guess("2001:db8:7:2::1, 10.0.0.1"), "another /64 of the /48").toBe(429);
    expect(await guess("2001:db8:8:1::1, 10.0.0.1"), "another /48").toBe(401);
    await sql`delete from sign_in_attempts`.execute(database);
  });

  const code = /setup code {2}(\S+)/.exec(running.stdout)?.[1] ?? "";
  const owner = { id: "", email: "ana@example.com", password: "correct horse battery" };
  const anybody = await Caller.as(undefined, { address });
  const setup = { setupCode: code, organizationName: "First", organizationId: "org_first" };
  expect(await anybody.tell("/setup/create", { ...setup, ...owner })).toBe("200");
  const caller = await Caller.as(owner, { address });
  const create = (newName: string) =>
    caller.post("/settings/organization/create", { organizationId: "org_first", newName });

  await test.step("organizations: 20 a day of a person, 200 of the server", async () => {
    const answers: APIResponse[] = [];
    for (let at = 0; at <= 20; at++) answers.push(await create(`Organization ${at}`));
    expect(answers.map((answer) => answer.status())).toEqual([...Array(20).fill(200), 429]);
    expect(await answers.at(-1)?.json()).toEqual({
      code: "too_many_organizations",
      detail: "A person may create 20 organizations a day. Try again in 24 hours",
    });
    expect(Number(answers.at(-1)?.headers()["retry-after"])).toBeGreaterThan(80_000);
    await setCounted("organizationsOfPerson", 0);
    await setCounted("organizationsOfServer", 200);
    expect(await (await create("One more")).json()).toMatchObject({ code: "too_many_organizations_here" });

    await page.goto(`${address}/sign-in?callbackUrl=/settings/organization`);
    await page.getByLabel("Email address").fill(owner.email);
    await page.getByLabel("Password").fill(owner.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Organization name").fill("One more");
    await page.getByRole("button", { name: "Create" }).click();
    await expect(
      page.getByText("This server has reached its limit of 200 new organizations per day."),
    ).toBeVisible();
  });

  await test.step("mails: of a person in all their organizations, and of the server", async () => {
    const invite = async (email: string, organizationId: string) => {
      const form = { organizationId, email, role: "member" };
      const { url } = await (await caller.post("/settings/members/invite", form)).json();
      return new URL(url, address).searchParams.get("done");
    };
    expect(await invite("bo@example.com", "org_first")).toBe("invited_mailed");
    await setCounted("mailsOfPerson", 100);
    const [made] = (
      await sql<{ id: string }>`select id from organizations where name = 'Organization 1'`.execute(database)
    ).rows;
    expect(await invite("bo@example.com", made?.id ?? ""), "in another organization").toBe(
      "invited_over_mail_limit",
    );
    await setCounted("mailsOfPerson", 0);
    await setCounted("mailsOfServer", 1_000);
    expect(await invite("cy@example.com", "org_first")).toBe("invited_over_mail_limit");
    expect(mail.mails).toHaveLength(1);
    await page.goto(`${address}/settings/members?organizationId=org_first&done=invited_over_mail_limit`);
    await expect(page.getByText("No email was sent because a daily limit has been reached.")).toBeVisible();
  });

  for (const one of [anybody, caller]) await one.request.dispose();
  await database.destroy();
  await mail.close();
});
