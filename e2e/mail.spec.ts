import { insertOrganization, uniqueId } from "@/db/fixtures";
import { makePerson } from "./fixtures";
import { type Mail, startMailServer } from "./mail-server";
import { Caller } from "./people";
import { expect, freePort, test, type Workshop } from "./process";
import { secret } from "./servers";

// Invitations by email, with a real mail server that keeps what it receives.

async function startServer(workshop: Workshop, variables: Record<string, string>) {
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    PORT: `${port}`,
    ...variables,
  });
  await running.shows("Stop with Ctrl-C", 60_000);
  return { address, running };
}

test("an invitation is emailed, again with each new link, and the link works", async ({ workshop }) => {
  const mail = await startMailServer();
  const { address } = await startServer(workshop, {
    SMTP_URL: mail.url,
    MAIL_FROM: "Jobs <jobs@example.com>",
  });
  const organizationId = await insertOrganization();
  const caller = await Caller.as(
    await makePerson([{ id: organizationId }], { role: "owner", name: "Olga\r\nBcc: evil@example.com" }),
    { address },
  );
  const email = `${uniqueId("ana")}@example.com`;
  const invited = await caller.post("/settings/members/invite", { organizationId, email, role: "member" });
  expect(await invited.json()).toEqual({
    url: `/settings/members?organizationId=${organizationId}&done=invited_mailed`,
  });
  expect(mail.mails).toHaveLength(1);
  const [first] = mail.mails;
  expect(first).toMatchObject({ to: [email], from: "jobs@example.com" });
  expect(first?.text).toContain(`Subject: Join Organization ${organizationId} on Batch Jobs`);
  expect(first?.text).toContain("Olga Bcc: evil@example.com has invited you to join");
  const linkIn = (sent: Mail | undefined) =>
    new RegExp(`${address}/join\\?token=[\\w-]{43}`).exec(sent?.text ?? "")?.[0] ?? "";
  const page = await caller.request.get(`/settings/members?organizationId=${organizationId}`);
  const [, invitationId = ""] = /name="invitationId" value="([^"]+)"/.exec(await page.text()) ?? [];
  expect(await caller.tell("/settings/members/renew-invitation", { organizationId, invitationId })).toBe(
    "200",
  );
  expect(mail.mails).toHaveLength(2);
  expect((await caller.request.get(linkIn(first))).status()).toBe(404);
  const anybody = await Caller.as(undefined, { address });
  const [, token = ""] = linkIn(mail.mails[1]).split("token=");
  expect(await anybody.tell("/join/accept", { token, password: "correct horse battery" })).toBe("200");

  // Letters beyond ASCII before the @ need a server with SMTPUTF8 (RFC 6531), as this one is; the domain alone does not.
  const name = uniqueId("j");
  for (const [given, sentTo, header] of [
    [`${name}@Bücher.example`, `${name}@bücher.example`, `To: ${name}@xn--bcher-kva.example`],
    [`${name}Ö@Bücher.example`, `${name}ö@bücher.example`, "To: "],
    [`${name}@localhost`, `${name}@localhost`, `To: ${name}@localhost`],
  ] as const) {
    const form = { organizationId, email: given, role: "member" };
    expect(await (await caller.post("/settings/members/invite", form)).json()).toMatchObject({
      url: expect.stringContaining("invited_mailed"),
    });
    expect(mail.mails.at(-1)?.to, "as this server writes it").toEqual([sentTo]);
    expect(mail.mails.at(-1)?.text).toContain(header);
  }
  for (const one of [caller, anybody]) await one.request.dispose();
  await mail.close();
});

test("if the mail server refuses or is unreachable, the invitation still exists; the page says so, and the log why", async ({
  workshop,
  page,
}) => {
  const servers = [
    await startMailServer("refuses recipients"),
    await startMailServer("refuses mails"),
    await startMailServer("unknown"),
  ];
  const urls = [...servers.map(({ url }) => url), `smtp://127.0.0.1:${await freePort()}`];
  const codes = ["EENVELOPE", "EMESSAGE", "(DEPTH_ZERO_SELF_SIGNED_CERT|CERT_HAS_EXPIRED)", "ECONNREFUSED"];
  for (const [at, SMTP_URL] of urls.entries()) {
    const { address, running } = await startServer(workshop, { SMTP_URL });
    const organizationId = await insertOrganization();
    const owner = await makePerson([{ id: organizationId }], { role: "owner" });
    await page.goto(`${address}/sign-in?callbackUrl=/settings/members`);
    await page.getByLabel("Email address").fill(owner.email);
    await page.getByLabel("Password").fill(owner.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Email address").fill(`${uniqueId("ana")}@example.com`);
    await expect(page.getByText("We’ll email them the link. You’ll see it too.")).toBeVisible();
    await page.getByRole("button", { name: "Invite" }).click();
    await expect(page.getByText(/the email couldn’t be sent/)).toBeVisible();
    const link = (await page.locator("#invitation-link").textContent()) ?? "";
    expect(link).toContain(`${address}/join?token=`);
    await running.shows("failed to send email");
    await running.shows(`"code":"${codes[at]}"`);
    expect(running.stderr + running.stdout).not.toContain(link.slice(-43));
    await page.context().clearCookies();
  }
  for (const server of servers) await server.close();
});

test("invalid mail settings are named at the start", async ({ workshop }) => {
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: "http://localhost:3000",
    NEXTAUTH_SECRET: secret,
    SMTP_URL: "mail.example.com",
  });
  expect((await running.ended).status).toBe(1);
  expect(running.stderr).toContain("SMTP_URL must look like smtp://user:password@mail.example.com:587");
});
