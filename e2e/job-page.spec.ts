import type { BrowserContext, Page } from "@playwright/test";
import { sql } from "kysely";
import {
  endLeases,
  insertDialableJob,
  insertPhoneNumber,
  setConcurrentCallLimit,
  testDatabase,
} from "@/db/fixtures";
import { type Dialer, expect, test } from "./dialer";
import { expectNoSidewaysScroll } from "./every-page";
import { makePerson, type Organization, signIn } from "./fixtures";
import { Caller } from "./people";

// The page of a job, with its contacts.

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const address = (org: Organization, id: string, more = "") => `/jobs/${id}?organizationId=${org.id}${more}`;
const asMember = async (page: Page, org: Organization) => signIn(page.context(), await makePerson([org]));
const contact = (page: Page, name: string) =>
  page
    .getByRole("table")
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name, exact: true }) });
const tab = (page: Page, name: RegExp | string) =>
  page.getByRole("navigation", { name: "Filter contacts by status" }).getByRole("link", { name });

/** What a page says, without its scripts. */
async function readPage(context: BrowserContext, path: string): Promise<string> {
  const response = await context.request.get(path);
  expect(response.status()).toBe(200);
  return (await response.text()).replaceAll(/<script.*?<\/script>|<[^>]*>/gs, "");
}

/** A running job with a contact of most statuses, as dialers left them. */
async function addVariedJob(dialer: Dialer, contacts = 8): Promise<string> {
  const id = await dialer.addJob(contacts, { name: "Renewals", concurrent_call_limit: 5 });
  await dialer.call("completed", { callDuration: 95 });
  await dialer.call("no_answer", { errorCode: "480" });
  await dialer.call("invalid_number", { errorCode: "404", failureReason: "Not in service" });
  const { callId } = await dialer.claimOne();
  await dialer.dialing(callId);
  return id;
}

test.describe("from the list", () => {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
      test.use({ javaScriptEnabled });

      test("a click anywhere on a row leads to the job, and back to the same filters and page", async ({
        page,
        org,
      }) => {
        await asMember(page, org);
        await org.add(
          ...Array.from({ length: 5 }, (_, at) => ({
            name: `Job ${at}`,
            created_at: ago(at),
            description: "x",
          })),
        );
        const list = `/jobs?organizationId=${org.id}&status=completed&page=2&pageSize=2`;
        await page.goto(list);
        const row = page.getByRole("row", { name: /Job 3/ });
        const box = await row.boundingBox();
        // Where nothing is written, and on the progress bar.
        for (const x of [0.3, 0.55]) {
          await row.click({ position: { x: (box?.width ?? 0) * x, y: 12 } });
          await expect(page.getByRole("heading", { level: 1, name: "Job 3" })).toBeVisible();
          await page.getByRole("link", { name: "← Jobs" }).click();
          await expect(page).toHaveURL(list);
        }
        await page.getByRole("link", { name: "Job 3" }).press("Enter");
        await expect(page.getByRole("heading", { level: 1, name: "Job 3" })).toBeVisible();
        await page.goBack();
        await expect(page).toHaveURL(list);
        await expect(row).toBeVisible();
      });
    });
  }

  test("the id can be copied without leaving the list, and a click on a time leads to the job", async ({
    page,
    org,
    member: _m,
  }) => {
    await org.add({ name: "Job" });
    await page.goto("/jobs");
    await page.getByRole("button", { name: "Copy ID of Job" }).click();
    await expect(page).toHaveURL(/\/jobs\?/);
    await page.locator("tbody time").last().click();
    await expect(page.getByRole("heading", { level: 1, name: "Job", exact: true })).toBeVisible();
  });
});

/** Lets no dialer have been heard from for a while, as after a crash. */
async function silence({ org }: Dialer, minutes: number): Promise<void> {
  const at = ago(minutes);
  await testDatabase
    .updateTable("dialers")
    .set({ last_seen_at: at })
    .where("organization_id", "=", org.id)
    .execute();
  await sql`
    update batch_calls set claimed_at = ${at}, dialing_at = case when dialing_at is not null then ${at}::timestamptz end
    where organization_id = ${org.id}
  `.execute(testDatabase);
}

test.describe("shows", () => {
  test("what the job is", async ({ page, org, member: _m }) => {
    await insertPhoneNumber(org.id, { id: "phone_9", label: "Sales" });
    const [id = ""] = await org.add({
      name: "January Renewals",
      description: "Follow up",
      status: "scheduled",
      agent_id: "agent_9",
      from_phone_number_id: "phone_9",
      concurrent_call_limit: 7,
      retry_max_attempts: 4,
      scheduled_start_time: new Date("2100-03-01T15:00:00Z"),
      schedule_time_zone: "America/New_York",
      created_at: ago(3),
    });
    await page.goto(address(org, id));
    await expect(page).toHaveTitle("January Renewals – Batch Jobs");
    await expect(page.getByText("Follow up")).toBeVisible();
    const details = page.getByRole("region", { name: "Details" });
    for (const text of [
      id,
      "agent_9",
      "+12025550100 Sales phone_9",
      "Concurrent call limit7",
      "Up to 4 attempts, with retries after no answer, busy, or timeout: again after 5 min, then 30 min each",
      "ScheduledMon, 1 Mar 2100, 15:00:00 UTC",
      "Mon, 1 Mar 2100, 10:00:00 GMT-5 in America/New York",
      "3 min ago",
    ]) {
      await expect(details).toContainText(text);
    }
    await expect(details.getByRole("button", { name: "Copy ID of January Renewals" })).toBeVisible();
    await expect(page.getByText("This job was imported: this server has its counts")).toBeVisible();
    await expect(page.getByRole("table")).toHaveCount(0);
  });

  test("contacts with their outcome in words, and how many wait for a retry", async ({ page, dialer }) => {
    const { org } = dialer;
    await asMember(page, org);
    const id = await addVariedJob(dialer);
    await dialer.call("carrier_error", { errorCode: "503" });
    const { callId } = await dialer.claimOne();
    await dialer.dialing(callId);
    await endLeases(org.id, [callId]);
    await page.goto(address(org, id));
    const outcome = (name: string) => contact(page, name).getByRole("cell").last();
    await expect(outcome("Contact 6"), "once the server has settled it").toHaveText(
      "No report from the dialer; not called again",
    );
    await expect(contact(page, "Contact 6")).toContainText("Failed1 of 3");
    await expect(page.getByText("4 of 8 contacts")).toBeVisible();
    await expect(
      page.getByText("1 successful (25% of 4 finished), 3 failed, 1 waiting for a retry"),
    ).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(9);
    await expect(contact(page, "Contact 1")).toHaveText(
      /^1Contact 1 \+12020000001Completed1 of 3 attemptsLast attempt (now|\d+ s ago)1 min 35 s$/,
    );
    await expect(outcome("Contact 2")).toHaveText("No answer (SIP 480) · Retry in 5 min");
    await expect(contact(page, "Contact 3")).toContainText("Invalid number");
    await expect(outcome("Contact 3")).toHaveText("Not in service (SIP 404)");
    await expect(contact(page, "Contact 4")).toContainText("Dialing1 of 3");
    await expect(outcome("Contact 5")).toHaveText("Carrier error: service unavailable (SIP 503)");
    await expect(contact(page, "Contact 7")).toContainText("Pending0 of 3");

    // What is known of the last attempt is not how this one goes.
    await dialer.skipRetryDelays();
    const again = await dialer.claimOne();
    await dialer.dialing(again.callId);
    await expect(contact(page, "Contact 2")).toContainText("Dialing2 of 3");
    await expect(outcome("Contact 2")).toHaveText("");
    const busy = { errorCode: "486", failureReason: "SIP status: 486 Busy Here" };
    await dialer.result(again.callId, "busy", busy);
    await expect(outcome("Contact 2")).toHaveText("Busy (SIP 486) · Retry in 30 min");
    const headers = { Authorization: `Bearer ${await org.keyWith("manage")}` };
    expect((await org.request.post(`/batch/jobs/${id}/cancel`, { headers })).status()).toBe(200);
    await expect(outcome("Contact 2")).toHaveText("Cancelled after 2 attempts");
    await expect(outcome("Contact 7")).toHaveText("Never called");
  });

  for (const javaScriptEnabled of [true, false]) {
    test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
      test.use({ javaScriptEnabled });

      test("a contact's data and calls after a click on its row, until the next", async ({
        page,
        dialer,
      }) => {
        const { org } = dialer;
        await asMember(page, org);
        const id = await addVariedJob(dialer);
        await dialer.skipRetryDelays();
        const failed = { errorCode: "486", failureReason: "Line\nbusy", roomName: "room-1", callDuration: 3 };
        await dialer.call("busy", failed);
        await dialer.skipRetryDelays();
        const { callId } = await dialer.claimOne();
        await dialer.result(callId, "not_dialed", { retryAfterSeconds: 3_600 });
        const data = { phone: "+12020000002", plan: "<b>gold</b>", tags: ["a", 1], note: "x".repeat(3_000) };
        await testDatabase
          .updateTable("batch_contacts")
          .set({ contact_data: { ...data, name: "Contact 2", ["very long name ".repeat(20)]: null } })
          .where("batch_job_id", "=", id)
          .where("position", "=", 2)
          .execute();
        await testDatabase
          .updateTable("batch_contacts")
          .set({ contact_data: { phone: "+12020000006", name: " " } })
          .where("batch_job_id", "=", id)
          .where("position", "=", 6)
          .execute();
        await page.goto(address(org, id));
        const link = page.getByRole("link", { name: "Contact 2", exact: true });
        const details = page.getByRole("row").filter({ has: page.getByRole("heading", { name: "Data" }) });
        // Where nothing is written.
        const box = await contact(page, "Contact 2").boundingBox();
        await contact(page, "Contact 2").click({ position: { x: (box?.width ?? 0) - 4, y: 12 } });
        await expect(page).toHaveURL(/contact=2/);
        await expect(link).toHaveAttribute("aria-expanded", "true");
        const values = details.getByRole("definition");
        await expect(values.filter({ hasText: "<b>gold</b>" })).toBeVisible();
        await expect(values.filter({ hasText: '["a",1]' })).toBeVisible();
        await expect(values.filter({ hasText: /^x{2000}… \(3,000 characters\)$/ })).toBeVisible();
        await expect(details.getByRole("term").filter({ hasText: /^very long .{190}…$/ })).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expect(details).toContainText(/Next retry: in (1 h|59 min) \(\w+, \d+ \w+ \d+, [\d:]+ UTC\)/);
        const calls = page.getByRole("list", { name: "Calls to Contact 2" }).getByRole("listitem");
        const time = "\\w+, \\d+ \\w+ \\d+, [\\d:]+ UTC";
        await expect(calls).toHaveText([
          new RegExp(`^Attempt 3: Not dialedReserved${time}Ended${time}Call ID${callId}Dialertest$`),
          new RegExp(
            `^Attempt 2: Busy \\(SIP 486\\)Started${time}Ended${time}Duration3 sReasonLine\\s+busyRoomroom-1Call ID\\S+Dialertest$`,
          ),
          new RegExp(`^Attempt 1: No answer \\(SIP 480\\)Started${time}Ended${time}Call ID\\S+Dialertest$`),
        ]);
        await page.goBack();
        await expect(details).toHaveCount(0);
        await page.goForward();
        await expect(calls).toHaveCount(3);
        await link.click();
        await expect(details).toHaveCount(0);
        await page.getByRole("link", { name: "Contact 5", exact: true }).press("Enter");
        await expect(details).toContainText("Not called yet");
        await expect(page.getByRole("link", { name: "+12020000006", exact: true })).toBeVisible();
      });
    });
  }

  const reasons: [name: string, make: (dialer: Dialer) => Promise<string>, RegExp][] = [
    [
      "no dialer has ever asked",
      (dialer) => dialer.addJob(1),
      /Starts when a dialer asks for calls *No dialer has asked for calls yet\. Run one with/,
    ],
    [
      "no dialer has asked for a while",
      async (dialer) => {
        const id = await dialer.addJob(2);
        await dialer.call("completed");
        await silence(dialer, 12);
        return id;
      },
      /Started (now|\d+ s ago)( · \d+ contacts? a minute)?No dialer has asked for calls since (\d+ \w+, )?\d\d:\d\d \(12 min ago\)\. Run/,
    ],
    [
      "its dialer died",
      async (dialer) => {
        const id = await dialer.addJob(3, { concurrent_call_limit: 2 });
        for (const { callId } of (await dialer.claim({ max: 2 })).calls) await dialer.dialing(callId);
        await silence(dialer, 1.5);
        return id;
      },
      /2 calls under way; their dialer was last seen 1 min ago\. Without a report, they are given up at (\d+ \w+, )?\d\d:\d\d \(in \d+ (min|s)\)/,
    ],
    [
      "the dialer of other jobs died",
      async (dialer) => {
        await setConcurrentCallLimit(dialer.org.id, 1);
        await dialer.addJob(1);
        await dialer.claim();
        const id = await dialer.addJob(1);
        await silence(dialer, 1.5);
        return id;
      },
      /1 call of other jobs under way; its dialer was last seen 1 min ago/,
    ],
    [
      "another dialer is there, but one that died fills the job",
      async (dialer) => {
        const id = await dialer.addJob(3, { concurrent_call_limit: 2 });
        await dialer.claim({ max: 1, dialer: "died", leaseSeconds: 240 });
        await silence(dialer, 1.5);
        await dialer.claim({ max: 2 });
        return id;
      },
      /Started [^.]*1 of the job’s 2 concurrent calls belongs to a dialer that was last seen 1 min ago\. Without a report, it is given up at (\d+ \w+, )?\d\d:\d\d \(in [34] min\)/,
    ],
    [
      "another dialer is there, but one that died fills the organization",
      async (dialer) => {
        await setConcurrentCallLimit(dialer.org.id, 2);
        await dialer.addJob(2);
        await dialer.claim({ max: 2, dialer: "died" });
        await silence(dialer, 1.5);
        await dialer.claim();
        return dialer.addJob(1);
      },
      /2 of the organization’s 2 concurrent calls belong to a dialer that was last seen 1 min ago\. Without/,
    ],
    [
      "another dialer is there, but one that died has the last calls",
      async (dialer) => {
        const id = await dialer.addJob(1);
        await dialer.claim({ dialer: "died" });
        await silence(dialer, 1.5);
        await dialer.claim();
        return id;
      },
      /1 call under way; its dialer was last seen 1 min ago\. Without/,
    ],
    [
      "the dialer has nothing to do and asks rarely",
      async (dialer) => {
        await dialer.claim();
        return dialer.addJob(1, { status: "running", actual_start_time: new Date() });
      },
      /Waiting for a dialer to ask for calls/,
    ],
    [
      "the dialer has other calls",
      async (dialer) => {
        await dialer.addJob(1);
        await dialer.claim();
        return dialer.addJob(1);
      },
      /Waiting for a dialer to ask for calls/,
    ],
    [
      "its limit is reached",
      async (dialer) => {
        const id = await dialer.addJob(3, { concurrent_call_limit: 2 });
        await dialer.claim({ max: 2 });
        return id;
      },
      /Job limit reached: 2 of 2 concurrent calls/,
    ],
    [
      "the organization's limit is reached",
      async (dialer) => {
        await setConcurrentCallLimit(dialer.org.id, 1);
        const id = await dialer.addJob(3);
        await dialer.claim({ max: 2 });
        return id;
      },
      /Organization limit reached: 1 of 1 concurrent call(?!s)/,
    ],
    [
      "another job is calling its numbers",
      async (dialer) => {
        await insertDialableJob(dialer.org.id, 2);
        await dialer.claim({ max: 2 });
        return insertDialableJob(dialer.org.id, 2);
      },
      /Another job is calling the numbers of the contacts that are due/,
    ],
    [
      "contacts wait for their retry",
      async (dialer) => {
        const id = await dialer.addJob(1);
        await dialer.call("busy", { retryAfterSeconds: 600 });
        return id;
      },
      /Next retry at (\d+ \w+, )?\d\d:\d\d \(in (9|10) min\)/,
    ],
  ];
  for (const [name, make, text] of reasons) {
    test(`why nothing is dialed: ${name}`, async ({ context, dialer }) => {
      await signIn(context, await makePerson([dialer.org]));
      expect(await readPage(context, address(dialer.org, await make(dialer)))).toMatch(text);
    });
  }

  test("no reason while dialers are asking, before the start and after the end", async ({
    context,
    dialer,
  }) => {
    await signIn(context, await makePerson([dialer.org]));
    const running = await dialer.addJob(3);
    await dialer.claim();
    const scheduled = await dialer.addJob(1, { status: "scheduled", scheduled_start_time: ago(-90) });
    const ended = await dialer.addJob(1, { status: "cancelled", scheduled_start_time: ago(-90) });
    expect(await readPage(context, address(dialer.org, scheduled))).toMatch(/Scheduledin 1 h/);
    expect(await readPage(context, address(dialer.org, ended))).toMatch(/Scheduled\w{3}, \d/);
    for (const id of [running, scheduled, ended]) {
      expect(await readPage(context, address(dialer.org, id))).not.toMatch(
        /No dialer|imit reached|Next retry/,
      );
    }
  });

  test("no end before the last retry, and no stall while calls go on or retries are planned", async ({
    context,
    dialer,
  }) => {
    const { org } = dialer;
    await signIn(context, await makePerson([org]));
    const id = await dialer.addJob(3, {
      status: "running",
      actual_start_time: ago(60),
      updated_at: ago(15),
      contacts_processed: 100,
      total_contacts: 103,
    });
    const waitFor = async (status: "busy" | "pending", at: Date | null) =>
      testDatabase
        .updateTable("batch_contacts")
        .set({ status, next_retry_at: at })
        .where("batch_job_id", "=", id)
        .execute();
    const read = () => readPage(context, address(org, id));
    const stalled = async () =>
      (await readPage(context, `/jobs?organizationId=${org.id}&problem=stalled`)).includes(id);
    await dialer.claim({ batchJobId: await dialer.addJob(0) });
    expect(await read()).toContain("No progress for 15 min");
    expect(await stalled()).toBe(true);
    await waitFor("busy", ago(-22));
    expect(await read()).toMatch(/Ends in 2[12] min at this pace.*Next retry at .*\(in 2[12] min\)/);
    expect(await stalled(), "all wait for retries").toBe(false);
    await waitFor("pending", null);
    const { callId } = await dialer.claimOne();
    expect(await stalled(), "a call that is only claimed").toBe(true);
    await dialer.dialing(callId);
    expect(await read(), "a call that is dialed").not.toContain("No progress");
    expect(await stalled()).toBe(false);
    // A dialer that is busy with a long call asks for no other, but extends the call's lease.
    await silence(dialer, 1.5);
    expect(await read()).toContain("1 call under way; its dialer was last seen 1 min ago");
    await dialer.dialing(callId);
    expect(await read()).not.toContain("last heard");
  });

  test("that it is overdue or stalled, its pace, and why it failed", async ({ context, org, member: _m }) => {
    const [overdue = "", stalled = "", failed = ""] = await org.add(
      { status: "scheduled", scheduled_start_time: ago(25) },
      {
        status: "running",
        actual_start_time: ago(60),
        updated_at: ago(15),
        total_contacts: 900,
        contacts_processed: 600,
        successful_calls: 600,
      },
      { status: "failed", failure_reason: "The trunk is gone" },
    );
    for (const [id, text] of [
      [overdue, "Overdue by 25 min"],
      [stalled, "No progress for 15 min"],
      [stalled, "10 contacts a minute"],
      [failed, "Failed: The trunk is gone"],
    ] as const) {
      expect(await readPage(context, address(org, id))).toContain(text);
    }
    expect(await readPage(context, address(org, failed)), "beside its name").toMatch(
      /Failed(?:(?!Progress).)*Failed: The trunk is gone.*Progress/s,
    );
  });
});

test.describe("contacts", () => {
  test.use({ javaScriptEnabled: false });

  test("are filtered by status, with counts, in pages of 50", async ({ page, dialer }) => {
    await asMember(page, dialer.org);
    const id = await addVariedJob(dialer, 120);
    await page.goto(address(dialer.org, id));
    await expect(page.getByText("1–50 of 120 · Page 1 of 3")).toBeVisible();
    await page.getByRole("link", { name: "Last", exact: true }).click();
    await expect(page.locator("tbody").getByRole("row")).toHaveCount(20);
    await expect(contact(page, "Contact 120")).toBeVisible();
    await expect(tab(page, "All 120")).toHaveAttribute("aria-current", "true");
    await tab(page, "No answer 1").click();
    await expect(page).toHaveURL(/&status=no_answer$/);
    await expect(page.locator("tbody").getByRole("row")).toHaveCount(1);
    await expect(contact(page, "Contact 2")).toBeVisible();
    await tab(page, "Pending 116").click();
    await expect(page.getByText("1–50 of 116")).toBeVisible();
    await expect(tab(page, /Busy/)).toHaveCount(0);
    await page.goto(address(dialer.org, id, "&status=busy"));
    await expect(page.getByText("No contacts match.")).toBeVisible();
    await page.getByRole("link", { name: "Show all contacts" }).click();
    await expect(page.locator("tbody").getByRole("row")).toHaveCount(50);
  });

  test("are found by name and by number as people write it, also within a status", async ({
    page,
    dialer,
  }) => {
    await asMember(page, dialer.org);
    const id = await dialer.addJob(60);
    await testDatabase
      .updateTable("batch_contacts")
      .set({ contact_data: { phone: "+12020000007", name: "100% José_Ñ <b>" } })
      .where("batch_job_id", "=", id)
      .where("position", "=", 7)
      .execute();
    await page.goto(address(dialer.org, id, "&status=pending&back=status%3Dfailed"));
    const search = page.getByRole("searchbox", { name: "Search by number or name" });
    const found = page.locator("tbody").getByRole("row");
    for (const [text, count] of [
      ["josé_ñ <B>", 1],
      ["jose_n", 1],
      ["100%", 1],
      ["+1 (202) 000-0007", 1],
      ["202-000-000", 9],
      ["contact 1", 11],
      ["_", 1],
      ["%", 1],
      ["nobody", 0],
      ["' or true --", 0],
    ] as const) {
      await search.fill(text);
      await search.press("Enter");
      await expect(found, text).toHaveCount(count);
      await expect(search).toHaveValue(text);
    }
    await expect(page).toHaveURL(/status=pending/);
    await page.getByRole("link", { name: "← Jobs" }).click();
    await expect(page).toHaveURL(`/jobs?organizationId=${dialer.org.id}&status=failed`);
  });

  test("are downloaded as CSV with the filters of the page", async ({ page, dialer }) => {
    await asMember(page, dialer.org);
    const id = await addVariedJob(dialer);
    await page.goto(address(dialer.org, id, "&status=pending&q=contact+5"));
    await page.getByRole("button", { name: "Export contacts" }).click();
    const downloaded = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download CSV for Excel" }).click();
    const file = await downloaded;
    expect(file.suggestedFilename()).toMatch(new RegExp(`^contacts-${id}-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
    const csv = await (await page.context().request.get(file.url())).text();
    expect(csv.split("\r\n").map((line) => line.split(",")[2])).toEqual(["name", "Contact 5", undefined]);
    expect(csv).toMatch(/^\ufeffcontactId,/);
  });

  test("an address with invalid values is no error", async ({ context, dialer }) => {
    await signIn(context, await makePerson([dialer.org]));
    const id = await dialer.addJob(3);
    for (const [query, rows, notice] of [
      ["status=nonsense", 3, true],
      ["status=pending&status=busy", 3, true],
      ["page=abc&contact=x&contact=1&action=x", 3, false],
      ["page=9999999&contact=99999&q=%00", 0, false],
      ["back=https://evil.example/&q=", 3, false],
    ] as const) {
      const response = await context.request.get(address(dialer.org, id, `&${query}`));
      expect(response.status(), query).toBe(200);
      const html = await response.text();
      expect(html.match(/<tr id="contact-/g) ?? [], query).toHaveLength(rows);
      expect(html.includes("The status is not valid"), query).toBe(notice);
      expect(html).toContain(`href="/jobs?organizationId=${dialer.org.id}"`);
      expect(html).not.toMatch(/(href|action)="[^"]*evil/);
    }
  });
});

const asAdmin = async (page: Page, org: Organization, timeZone = "UTC") =>
  signIn(page.context(), await makePerson([org], { role: "admin" }), timeZone);
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "an admin" : "an admin without JavaScript", () => {
    test.use({ javaScriptEnabled, timezoneId: "Europe/Berlin" });

    test("schedules a job in a time zone, then starts and cancels it", async ({ page, dialer }) => {
      await asAdmin(page, dialer.org, "Europe/Berlin");
      const id = await dialer.addJob(9);
      await page.goto(address(dialer.org, id, "&back=page%3D2"));
      await link(page, "Schedule…").click();
      await expect(page.getByLabel("Time zone", { exact: true })).toHaveValue("Europe/Berlin");
      // Clocks skip this hour in Berlin, and not in New York.
      await page.getByLabel("Date").fill("2100-03-28");
      await page.getByLabel("Time", { exact: true }).fill("02:30");
      await button(page, "Save schedule").click();
      await expect(page.getByRole("alert").filter({ hasText: "clocks skip this time" })).toBeVisible();
      await expect(page.getByLabel("Date"), "filled in again").toHaveValue("2100-03-28");
      await page.getByLabel("Time zone", { exact: true }).selectOption("America/New_York");
      await button(page, "Save schedule").click();
      await expect(page.getByText("Job rescheduled.")).toBeVisible();
      await expect(page.getByText("in America/New York")).toContainText("Sun, 28 Mar 2100, 02:30:00");
      expect(await dialer.job(id)).toMatchObject({
        status: "scheduled",
        scheduledStartTime: "2100-03-28T06:30:00Z",
      });
      await link(page, "Reschedule…").click();
      await expect(page.getByLabel("Time", { exact: true }), "as it was scheduled").toHaveValue("02:30");
      await expect(page.getByLabel("Time zone", { exact: true })).toHaveValue("America/New_York");

      await link(page, "Start now…").click();
      await expect(page.getByRole("region", { name: "Start this job now?" })).toContainText(
        "9 contacts will be called as soon as a dialer asks, up to 5 at a time, instead of at the scheduled time.",
      );
      await button(page, "Start now").click();
      const started = page.getByRole("status").filter({ hasText: "Job started." });
      await expect(started).toBeVisible();
      if (javaScriptEnabled) {
        await expect(started).toBeFocused();
        await page.keyboard.press("Tab");
        await expect(link(page, "Cancel job…")).toBeFocused();
      }
      await expect(link(page, "Start now…")).toHaveCount(0);
      await expect(link(page, "Reschedule…")).toHaveCount(0);
      expect(await dialer.job(id)).toMatchObject({ status: "running" });

      const [, dialing] = (await dialer.claim({ max: 2 })).calls;
      await dialer.dialing(dialing?.callId ?? "");
      await link(page, "Cancel job…").click();
      await expect(page.getByRole("region", { name: "Cancel this job?" })).toContainText(
        "8 contacts will not be called. 1 call under way ends normally. This can’t be undone.",
      );
      await link(page, "Keep job").click();
      await expect(button(page, "Cancel job")).toHaveCount(0);
      await link(page, "Cancel job…").click();
      await button(page, "Cancel job").click();
      await expect(page.getByText("Job cancelled.")).toBeVisible();
      await expect(link(page, "Cancel job…")).toHaveCount(0);
      await expect(tab(page, "Cancelled 8")).toBeVisible();
      await expect(tab(page, "Dialing 1")).toBeVisible();
      await expect(page.getByText("1 call still under way")).toBeVisible();
      expect(await dialer.job(id)).toMatchObject({ status: "cancelled" });
      if (javaScriptEnabled) {
        await dialer.result(dialing?.callId ?? "", "completed");
        await expect(page.getByText(/ · This job has finished$/)).toBeVisible();
        await expect(page.getByText("1 of 9 contacts")).toBeVisible();
      }
      await expect(page.getByRole("link", { name: "← Jobs" })).toHaveAttribute("href", /&page=2$/);
    });
  });
}

test("a job that was cancelled in the meantime says so", async ({ page, dialer }) => {
  await asAdmin(page, dialer.org);
  const id = await dialer.addJob(1);
  await page.goto(address(dialer.org, id));
  await link(page, "Start now…").click();
  await expect(page.getByText("Dialers can already call 1 contact of this job.")).toBeVisible();
  await testDatabase.updateTable("batch_jobs").set({ status: "cancelled" }).where("id", "=", id).execute();
  await button(page, "Start now").click();
  const error = page.getByRole("alert").filter({ hasText: "has started or finished in the meantime" });
  await expect(error).toBeFocused();
});

test("an imported job can only be cancelled; members and finished jobs have no buttons", async ({
  page,
  dialer,
}) => {
  const { org } = dialer;
  const id = await dialer.addJob(1);
  const [imported = "", over = ""] = await org.add({ status: "running" }, { status: "failed" });
  const actions = page.getByRole("main").getByText(/^(Start now…?|Schedule…|Reschedule…|Cancel job…?)$/);
  await asAdmin(page, org);
  await page.goto(address(org, imported, "&action=cancel"));
  await expect(actions).toHaveText(["Cancel job…", "Cancel job"]);
  await expect(page.getByText("cancelling only changes its status here")).toBeVisible();
  await page.goto(address(org, over, "&action=cancel"));
  await expect(actions).toHaveCount(0);
  await asMember(page, org);
  await page.goto(address(org, id, "&action=reschedule"));
  await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();
  await expect(actions).toHaveCount(0);
  await expect(page.locator('form[action^="/job-actions"]')).toHaveCount(0);
});

for (const [wrong, code, path = "reschedule"] of [
  [{ date: "" }, "400 invalid_date"],
  [{ date: "01.03.2100" }, "400 invalid_date"],
  [{ date: "2100-02-30" }, "400 invalid_datetime"],
  [{ date: "2020-03-01" }, "400 past_scheduled_time"],
  [{ time: "25:00" }, "400 invalid_datetime"],
  [{ time: "10" }, "400 invalid_time"],
  [{ timeZone: "" }, "400 invalid_time_zone"],
  [{ timeZone: "Mars/Phobos" }, "400 invalid_timezone"],
  [{ batchJobId: "../x" }, "400 invalid_batch_job_id"],
  [{ batchJobId: "batch_none" }, "404 job_not_found"],
  [{ batchJobId: "batch_none" }, "404 job_not_found", "start"],
  [{ batchJobId: "batch_none" }, "404 job_not_found", "cancel"],
] as [Record<string, string>, string, string?][]) {
  test(`${path} with ${JSON.stringify(wrong)} is ${code}`, async ({ dialer }) => {
    const caller = await Caller.as(await makePerson([dialer.org], { role: "owner" }));
    const batchJobId = await dialer.addJob(1);
    const form = { batchJobId, date: "2100-03-01", time: "10:00", timeZone: "UTC", ...wrong };
    expect(await caller.tell(`/job-actions/${path}`, { organizationId: dialer.org.id, ...form })).toBe(code);
    expect(await dialer.job(batchJobId)).toMatchObject({ status: "pending", scheduledStartTime: null });
    await caller.request.dispose();
  });
}

const watchRefreshes = (page: Page): string[] => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/live/job?")) sent.push(request.url());
  });
  return sent;
};

test("what a link opens has the focus, and Escape closes it and gives the focus back", async ({
  page,
  dialer,
}) => {
  await asAdmin(page, dialer.org);
  await page.goto(address(dialer.org, await dialer.addJob(1)));
  for (const [opener, title] of [
    ["Cancel job…", "Cancel this job?"],
    ["Start now…", "Start this job now?"],
  ] as const) {
    await link(page, opener).press("Enter");
    const opened = page.getByRole("region", { name: title });
    await expect(opened.locator("..")).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(opened.getByRole("button")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(opened).toHaveCount(0);
    await expect(link(page, opener)).toBeFocused();
  }
});

test.describe("live", () => {
  test("times go on: a job becomes overdue without a reload or a request", async ({
    page,
    org,
    member: _m,
  }) => {
    const [id = ""] = await org.add({ status: "scheduled", scheduled_start_time: ago(40 / 60) });
    await page.goto(address(org, id));
    await expect(page.getByText("Due now")).toBeVisible();
    await button(page, "Pause updates").click();
    await expect(page.getByText("Overdue by 1 min")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("region", { name: "Details" }).getByText("1 min ago")).toBeVisible();
  });

  test("everything changes in place, while what is open, typed and focused stays", async ({
    page,
    dialer,
  }) => {
    await asAdmin(page, dialer.org);
    const id = await dialer.addJob(3, { name: "Renewals" });
    // Two names that are the same where they are cut.
    const longNames = Object.fromEntries([20, 21].map((times) => ["very long name ".repeat(times), times]));
    const setData = (more: object) =>
      testDatabase
        .updateTable("batch_contacts")
        .set({ contact_data: { ...more, name: "Contact 2", ...longNames } })
        .where("batch_job_id", "=", id)
        .where("position", "=", 2)
        .execute();
    await setData({});
    await page.goto(address(dialer.org, id, "&contact=2&action=cancel"));
    const search = page.getByRole("searchbox", { name: "Search by number or name" });
    await search.fill("unsent");
    await expect(page.getByText("Not called yet")).toBeVisible();
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await dialer.call("completed", { callDuration: 7 });
    await expect(page.getByText("1 of 3 contacts")).toBeVisible();
    await expect(page.getByText("2 contacts will not be called.")).toBeVisible();
    await expect(contact(page, "Contact 1")).toContainText("Completed1 of 3");
    await expect(tab(page, "Pending 2")).toBeVisible();
    await setData({ a: 0 });
    // A call that ends no contact changes no counter.
    await dialer.call("busy");
    await expect(contact(page, "Contact 2")).toContainText(/Busy1 of 3.*Retry in 5 min/);
    await expect(page.getByRole("list", { name: "Calls to Contact 2" })).toContainText("Attempt 1: Busy");
    await expect(page.getByRole("term").filter({ hasText: /^(a|very long .*…)$/ })).toHaveCount(3);
    await expect(search).toHaveValue("unsent");
    await expect(search).toBeFocused();
    await testDatabase.updateTable("batch_jobs").set({ status: "failed" }).where("id", "=", id).execute();
    await expect(page.getByRole("status").filter({ hasText: "Renewals: failed" })).toHaveCount(1);
    await expect(page.getByText(/ · This job has finished$/)).toBeVisible();
    const sent = watchRefreshes(page);
    const lastAttempt = contact(page, "Contact 1").getByRole("time");
    const before = (await lastAttempt.textContent()) ?? "";
    await expect(page.getByText(/^Updated [5-9] s ago/)).toBeVisible({ timeout: 12_000 });
    await expect(lastAttempt, "goes on, too").not.toHaveText(before);
    expect(sent).toEqual([]);
    await button(page, "Refresh").click();
    await expect.poll(() => sent.length).toBe(1);
    expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
  });

  test("a page that refreshes itself keeps no session alive", async ({ page, dialer }) => {
    const person = await makePerson([dialer.org]);
    await signIn(page.context(), person);
    const id = await dialer.addJob(3);
    await page.goto(address(dialer.org, id));
    const before = new Date(Date.now() - 3_600_000);
    const session = testDatabase.selectFrom("sessions").where("user_id", "=", person.id);
    await testDatabase
      .updateTable("sessions")
      .set({ last_seen_at: before })
      .where("user_id", "=", person.id)
      .execute();
    await dialer.call("completed");
    await expect(page.getByText("1 of 3 contacts")).toBeVisible();
    expect(await session.select("last_seen_at").executeTakeFirst()).toEqual({ last_seen_at: before });
    await expect(async () => {
      await page.reload();
      const seen = await session.select("last_seen_at").executeTakeFirst();
      expect(seen?.last_seen_at.getTime()).toBeGreaterThan(before.getTime());
    }, "a person's reload does").toPass();
  });

  test("says so when the person was signed out", async ({ page, dialer }) => {
    const person = await makePerson([dialer.org]);
    await signIn(page.context(), person);
    await page.goto(address(dialer.org, await dialer.addJob(1)));
    await testDatabase.deleteFrom("sessions").where("user_id", "=", person.id).execute();
    await expect(page.getByText("You’re signed out, no longer a member").first()).toBeVisible();
    await expect(contact(page, "Contact 1")).toBeVisible();
  });
});

test.describe("access", () => {
  test("every id has its page, also one that could be an address of ours", async ({
    page,
    org,
    member: _m,
  }) => {
    const ids = ["live", "new", "index", "page", "route", "404", "_next", "-", "__proto__", "x".repeat(128)];
    await org.add(...ids.map((id) => ({ id, name: `Job with the id ${id.slice(0, 20)}` })));
    for (const id of ids) {
      const response = await page.context().request.get(address(org, id));
      expect(response.status(), id).toBe(200);
      expect(await response.text()).toContain(`Job with the id ${id.slice(0, 20)}</h1>`);
    }
    await page.goto("/jobs");
    await page.getByRole("link", { name: "Job with the id live" }).click();
    await expect(page).toHaveURL(address(org, "live"));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Job with the id live");
  });

  test("a foreign job, a missing one and an invalid id get the same 404, and its refresh, too", async ({
    context,
    makeOrg,
    org,
    member: _m,
  }) => {
    const foreign = await makeOrg();
    const [secret = ""] = await foreign.add({ name: "secret" });
    const ask = async (path: string, id: string, organizationId: string) => {
      const response = await context.request.get(
        path === "page"
          ? `/jobs/${id}?organizationId=${organizationId}`
          : `/live/job?organizationId=${organizationId}&id=${id}`,
      );
      const text = (await response.text()).replaceAll(/[0-9a-f]{32}/g, "");
      return [response.status(), text.replaceAll(id, "").replaceAll(organizationId, "")];
    };
    for (const path of ["page", "live"]) {
      const missing = await ask(path, "batch_none", org.id);
      expect(missing[0]).toBe(404);
      expect(await ask(path, secret, org.id), "another organization's").toEqual(missing);
      const inForeign = await ask(path, secret, foreign.id);
      expect(inForeign).toEqual(await ask(path, "batch_none", foreign.id));
      expect(inForeign).toEqual(await ask(path, secret, "org_none"));
      expect(inForeign[0]).toBe(404);
    }
    for (const id of ["%00", "a%20b", "", "a&id=b"]) {
      const response = await context.request.get(`/live/job?organizationId=${org.id}&id=${id}`);
      expect(response.status(), id).toBe(400);
    }
    for (const id of ["a%20b", "%00", "x".repeat(129), "é"]) {
      const response = await context.request.get(`/jobs/${id}?organizationId=${org.id}`);
      expect([400, 404], id).toContain(response.status());
    }
  });

  test("signing in leads to the job, whose organization can be left out", async ({ page, org, member }) => {
    const [id = ""] = await org.add({ name: "Renewals" });
    await page.goto(`/jobs/${id}?status=busy`);
    await expect(page).toHaveURL(address(org, id, "&status=busy"));
    await page.context().clearCookies({ name: /session/ });
    await page.reload();
    await page.getByLabel("Email address").fill(member.email);
    await page.getByLabel("Password").fill(member.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(address(org, id, "&status=busy"));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Renewals");
  });

  test("a page with contacts is not cached", async ({ context, dialer }) => {
    await signIn(context, await makePerson([dialer.org]));
    const id = await dialer.addJob(1);
    for (const path of [address(dialer.org, id), `/live/job?organizationId=${dialer.org.id}&id=${id}`]) {
      expect((await context.request.get(path)).headers()["cache-control"]).toContain("no-store");
    }
  });
});
