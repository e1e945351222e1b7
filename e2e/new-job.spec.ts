import { randomBytes } from "node:crypto";
import {
  insertApiKey,
  insertDialableJob,
  insertPhoneNumber,
  setConcurrentCallLimit,
  testDatabase,
  uniqueId,
} from "@/db/fixtures";
import { BatchJobDetail } from "@/lib/batch-jobs/schema";
import { makeApiKey } from "./api-key";
import { expect, makePerson, type Organization, signIn, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// The form that creates a job, and how one gets to it.

const address = (org: Organization) => `/new-job?organizationId=${org.id}`;

const csvFile = (text: string | Buffer) => ({
  name: "contacts.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(text),
});

/** Cannot be compressed. */
const randomText = (length: number) => randomBytes(length).toString("base64").slice(0, length);

async function find(org: Organization, id: string): Promise<BatchJobDetail> {
  const headers = { Authorization: `Bearer ${org.key}` };
  return BatchJobDetail.parse(await (await org.request.get(`/batch/jobs/${id}`, { headers })).json());
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "in a browser" : "in a browser without JavaScript", () => {
    test.use({ javaScriptEnabled, timezoneId: "America/New_York" });

    test("an admin creates a job from a file, after correcting what was wrong", async ({ page, org }) => {
      const phone = await insertPhoneNumber(org.id, { label: "Sales" });
      await insertPhoneNumber(org.id, { agent_id: null, phone_number: "+12025550199" });
      await org.add({ name: "Earlier" });
      await signIn(page.context(), await makePerson([org], { role: "admin" }), "America/New_York");
      await page.goto(`/jobs?organizationId=${org.id}`);
      await page.getByRole("link", { name: "New batch job" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "New batch job" })).toBeVisible();

      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download the example" }).click();
      expect((await download).suggestedFilename()).toBe("contacts.csv");
      const [number] = await page.getByLabel("Phone number to call from").locator("option").allTextContents();
      expect(number, "the only one with an agent").toContain("Sales");

      const description = `${"Zwei Zeilen – 中文 ".repeat(40)}\nLast <line> & more`;
      await page.getByLabel("Name").fill("January Renewals");
      await page.getByLabel("Description").fill(description);
      await expect(page.getByLabel("Date", { exact: true })).toBeHidden();
      const warning = page.getByText(/^Calls begin as soon as a dialer asks for them, even if rows/);
      await expect(warning).toBeVisible();
      await page.getByLabel("Later, at a date and time").check();
      await expect(warning).toBeHidden();
      await expect(page.getByLabel("Time zone", { exact: true })).toHaveValue("America/New_York");
      await page.getByLabel("Date", { exact: true }).fill("2020-02-28");
      await page.getByLabel("Time", { exact: true }).fill("09:00");
      await page.getByLabel("Time zone", { exact: true }).selectOption("Asia/Tokyo");
      await page.getByLabel("Maximum attempts").fill("7");
      await page.getByLabel("Concurrent call limit").fill("9");
      await page.getByLabel("CSV file").setInputFiles(csvFile("name,number\nAna,+12025550101\n"));
      await page.getByRole("button", { name: "Create batch job" }).click();

      await expect(page.getByRole("alert").filter({ hasText: "choose the file again" })).toBeVisible();
      const date = page.getByLabel("Date", { exact: true });
      await expect(date).toBeFocused();
      await expect(date).toHaveAttribute("aria-invalid", "true");
      await expect(date).toHaveAccessibleDescription(
        "The time must be in the future. You entered 2020-02-28 09:00 in Asia/Tokyo.",
      );
      const [left, right] = await Promise.all(
        [date, page.getByLabel("Time", { exact: true })].map((input) => input.boundingBox()),
      );
      if (!left || !right) throw new Error("Both inputs are shown");
      expect(right.y, "beside each other").toBe(left.y);
      expect(right.x - left.x - left.width).toBeLessThan(20);
      await expect(page.getByLabel("CSV file")).toHaveAccessibleDescription(
        /^The file has no column named phone\. Its first row names these columns: "name", "number"\./,
      );
      expect(await org.ids()).toHaveLength(1);
      expect(page.url()).toBe(`${addresses.main}${address(org)}&error=invalid_fields`);

      await date.fill("2099-02-28");
      const refused = Array.from({ length: 12 }, (_, at) => `Refused ${at},1${at},`).join("\r\n");
      const csv = `Name,Phone,plan\r\nAna,+12025550101,Basic\r\n\r\n${refused}\r\nBo,+442079460000,\r\n`;
      await page.getByLabel("CSV file").setInputFiles(csvFile(`\ufeff${csv}`));
      await page.getByRole("button", { name: "Create batch job" }).click();

      await expect(page.getByRole("heading", { level: 1, name: "January Renewals" })).toBeVisible();
      await expect(page.getByText("Job created.")).toBeVisible();
      const notice = page.getByRole("status").filter({ hasText: "Skipped 12 rows of the file" });
      await expect(notice.getByRole("listitem").first()).toHaveText(
        'Row 4: Invalid phone number format: "10"',
      );
      await expect(notice.getByRole("listitem")).toHaveCount(11);
      await expect(notice.getByRole("listitem").last()).toHaveText("and 2 more");
      const { pathname, search } = new URL(page.url());
      expect(decodeURIComponent(search)).toBe(`?organizationId=${org.id}&done=created`);
      const job = await find(org, pathname.split("/").at(-1) ?? "");
      expect(job).toMatchObject({
        name: "January Renewals",
        description,
        fromPhoneNumberId: phone,
        status: "scheduled",
        scheduledStartTime: "2099-02-28T00:00:00Z",
        concurrentCallLimit: 9,
      });
      expect(job.retryPolicy.maxAttempts).toBe(7);
      expect(job.contacts.map(({ contactData }) => contactData)).toEqual([
        { name: "Ana", phone: "+12025550101", plan: "Basic" },
        { name: "Bo", phone: "+442079460000", plan: "" },
      ]);
      // Only to the one who has sent the file.
      await page.context().clearCookies({ name: "batch-jobs.session" });
      await signIn(page.context(), await makePerson([org], { role: "owner" }));
      await page.goto(`/jobs/${job.id}?organizationId=${org.id}`);
      await expect(page.getByRole("heading", { level: 1, name: "January Renewals" })).toBeVisible();
      await expect(notice).toBeHidden();
    });
  });
}

test("a form that is sent several times creates one job, and a changed one another", async ({ org }) => {
  const fromPhoneNumberId = await insertPhoneNumber(org.id);
  const caller = await Caller.as(await makePerson([org], { role: "owner" }));
  const page = await (await caller.request.get(address(org))).text();
  const [, token = ""] = /name="token" value="([^"]+)"/.exec(page) ?? [];
  expect(token).toMatch(/^[0-9a-f-]{36}$/);
  const form = { organizationId: org.id, name: "Once", fromPhoneNumberId, start: "now", token };
  const send = async (more: Record<string, string> = {}): Promise<string> => {
    const file = "phone,name\n+12025550101,Ana\n";
    const response = await caller.post("/new-job/create", { ...form, file, ...more });
    expect(response.status(), await response.text()).toBe(200);
    return (await response.json()).url;
  };
  const urls = await Promise.all([send(), send(), send()]);
  expect(new Set(urls.map((url) => url.split("?")[0])).size).toBe(1);
  expect(urls[0]).toMatch(/^\/jobs\/batch_\w+\?/);
  const results = urls.map((url) => url.split("done=")[1]).toSorted();
  expect(results).toEqual(["already_created", "already_created", "created"]);
  const replayed = urls.find((url) => url.endsWith("already_created")) ?? "";
  expect(await (await caller.request.get(replayed)).text()).toContain(
    "This form has already created this job.",
  );
  expect(await org.list()).toMatchObject({ total: 1, batchJobs: [{ status: "pending" }] });
  await send({ file: "phone,name\n+12025550101,Bo\n" });
  await send({ token: uniqueId("token") });
  for (const _ of "12") expect(await send({ token: "" }), "without a token").toMatch(/done=created$/);
  expect(await org.ids()).toHaveLength(5);
  await caller.request.dispose();
});

test("numbers as people write them are called, once each", async ({ org }) => {
  const fromPhoneNumberId = await insertPhoneNumber(org.id);
  const caller = await Caller.as(await makePerson([org], { role: "owner" }));
  const create = async (file: string) => {
    const form = { organizationId: org.id, name: "New", fromPhoneNumberId, start: "now", file };
    const response = await caller.post("/new-job/create", form);
    const body = await response.json();
    if (response.status() !== 200) return body.detail;
    const { pathname } = new URL(body.url, addresses.main);
    const { contacts } = await find(org, pathname.split("/").at(-1) ?? "");
    return contacts.map(({ phoneNumber, contactData }) => [phoneNumber, contactData]);
  };
  const rows = [
    ...[
      "+1 (202) 555-0101",
      "001.202.555.0101",
      "(+1) 202/555–0102",
      "0044 [20] 7946\u00a00000",
      "+12025550103",
    ],
    ...["202-555-0104", "12025550105", "+44 (0)20 7946 0001", "+1 202 555 0106 ext. 5", "+1-202", "00"],
  ];
  const phones = ["+12025550101", "+12025550102", "+442079460000", "+12025550103"];
  expect(await create(`Phone Number\n${rows.join("\n")}\n`)).toEqual(
    phones.map((phone) => [phone, { phone }]),
  );
  expect(await create("phoneNumber,status,phone\n1,x,+12025550101\n"), "phone comes first").toEqual([
    ["+12025550101", { phoneNumber: "1", status: "x", phone: "+12025550101" }],
  ]);
  expect(await create("phone\n12025550101\n")).toMatch(/row 2, column phone: Invalid .*: "12025550101"\.$/);
  const names = Array.from({ length: 100 }, (_, at) => `Column ${at} ${"x".repeat(40)}`);
  expect(await create(`${names}\n`)).toMatch(
    /^The file has no .*: "Column 0 x+", .*"Column 4 x+" and 95 more\.$/,
  );
  expect(await create("\n")).toMatch(/ no column named phone\. Its first row must name the columns\.$/);
  await caller.request.dispose();
});

test("exported contacts can be called again by a new job, with their own data alone", async ({ org }) => {
  const fromPhoneNumberId = await insertPhoneNumber(org.id);
  const id = await insertDialableJob(org.id, 3);
  const contacts = testDatabase.updateTable("batch_contacts").where("organization_id", "=", org.id);
  const own = [
    { phone: "+12020000001", name: "=Ana", plan: "'x", status: "vip", Phone: "home", "=x": "-1" },
    { phone: "+12020000003", name: "Bo, Chen", plan: "x;=1+1\n-2", status: "", Phone: "", "=x": "" },
  ];
  for (const [at, data] of own.entries()) {
    await contacts
      .set({
        ...{
          status: "failed",
          attempt_count: 2,
          error_code: "486",
          failure_reason: "=Busy",
          room_name: "room",
        },
        ...{ contact_data: data, last_attempt_at: new Date(), completed_at: new Date(), call_duration: 3 },
      })
      .where("position", "=", at * 2 + 1)
      .execute();
  }
  const caller = await Caller.as(await makePerson([org], { role: "owner" }));
  const query = new URLSearchParams({ organizationId: org.id, id, status: "failed", bom: "1" });
  const file = await (await caller.request.get(`/contacts.csv?${query}`)).text();
  const form = { organizationId: org.id, name: "Again", fromPhoneNumberId, start: "now", file };
  const { url } = await (await caller.post("/new-job/create", form)).json();
  const again = await find(org, new URL(url, addresses.main).pathname.split("/").at(-1) ?? "");
  expect(again.contacts.map(({ contactData }) => contactData)).toEqual(own);
  expect(again.statusBreakdown).toEqual({ pending: 2 });
  await caller.request.dispose();
});

test("a limit of calls above the organization's is remarked on", async ({ page, org }) => {
  await insertPhoneNumber(org.id);
  await signIn(page.context(), await makePerson([org], { role: "owner" }));
  await setConcurrentCallLimit(org.id, 6);
  await page.goto(address(org));
  const remark = page.getByText("This is above the organization’s limit of 6, which applies.");
  await expect(remark).toBeHidden();
  // Until React is there, the page doesn't know of what is typed.
  await expect(async () => {
    await page.getByLabel("Concurrent call limit").fill("6");
    await page.getByLabel("Concurrent call limit").fill("7");
    await expect(remark).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByLabel("Concurrent call limit").fill("6");
  await expect(remark).toBeHidden();
});

test("each field that is wrong is named with its value and what is allowed, and nothing is created", async ({
  org,
}) => {
  const fromPhoneNumberId = await insertPhoneNumber(org.id);
  const withoutAgent = await insertPhoneNumber(org.id, { agent_id: null });
  const caller = await Caller.as(await makePerson([org], { role: "owner" }));
  const right = { organizationId: org.id, name: "New", fromPhoneNumberId, start: "now" };
  const later = { start: "later", date: "2099-01-01", time: "10:00", timeZone: "UTC" };
  const file = "phone\n+12025550101\n";
  const rows = Array.from({ length: 10_001 }, (_, at) => `+1202${5_550_000 + at}`);
  for (const [wrong, ...sentences] of [
    [{ name: " " }, "Enter a name."],
    [{ name: "x".repeat(201) }, /^The name must have 1 to 200 characters; you entered "x{64}"\.$/],
    [{ description: "x".repeat(1_001) }, /^The description must have 0 to 1000 characters; you entered "x/],
    [{ fromPhoneNumberId: "" }, "Choose a phone number."],
    [{ fromPhoneNumberId: "phone_x" }, "Phone number phone_x not found."],
    [{ fromPhoneNumberId: withoutAgent }, /has no agent that makes calls\.$/],
    [{ start: "" }, "Choose when to start."],
    [{ start: "soon" }, 'The start must be now or later; you entered "soon".'],
    [{ ...later, date: "" }, "Enter a date, like 2027-03-01."],
    [{ ...later, date: "1.1.2099" }, 'The date must be a date like 2027-03-01; you entered "1.1.2099".'],
    [{ ...later, time: "10" }, 'The time must be a time like 10:30; you entered "10".'],
    [{ ...later, date: "2099-02-30" }, /^This date doesn’t exist, .* You entered 2099-02-30 10:00 in UTC\.$/],
    [{ ...later, timeZone: "Berlin" }, /^Choose a time zone from the list\. You entered .* in "Berlin"\.$/],
    [
      { maxAttempts: "11" },
      'The maximum number of attempts must be a whole number from 1 to 10; you entered "11".',
    ],
    [
      { concurrentCallLimit: "5x" },
      /^The concurrent call limit must be a whole number from 1 to 50; you entered "5x"\.$/,
    ],
    [{ file: "" }, "Choose a CSV file."],
    [{ file: "phone\n12" }, /row 2, column phone: Invalid phone number format: "12"\.$/],
    [{ file: `phone\n${rows.join("\n")}` }, /^Too many contacts: at most 10000; got 10001\.$/],
    [
      { name: "", maxAttempts: "0", file: "" },
      /^Enter a name\. The maximum number of attempts .*Choose a CSV file\.$/,
    ],
  ] as [Record<string, string>, string | RegExp][]) {
    const response = await caller.post("/new-job/create", { ...right, file, ...wrong });
    const body = await response.json();
    expect({ status: response.status(), code: body.code }, JSON.stringify(wrong).slice(0, 80)).toEqual({
      status: 400,
      code: "invalid_fields",
    });
    for (const sentence of sentences) expect(body.detail).toMatch(sentence);
  }
  expect(await org.ids()).toEqual([]);
  await caller.request.dispose();
});

test("of a file that is too large, the rest of the form comes back; no other form takes files", async ({
  page,
  org,
}) => {
  const fromPhoneNumberId = await insertPhoneNumber(org.id);
  const owner = await makePerson([org], { role: "owner" });
  await signIn(page.context(), owner);
  const headers = { Origin: addresses.main };
  const long = { description: randomText(1_000), date: randomText(900), timeZone: randomText(1_400) };
  const large = csvFile(`phone,note\n+12025550101,${"x".repeat(10 * 1_024 * 1_024)}\n`);
  const refused = await page.request.post(`/new-job/create?organizationId=${org.id}`, {
    multipart: {
      name: "Too large",
      fromPhoneNumberId,
      start: "soon",
      concurrentCallLimit: "9",
      ...long,
      file: large,
    },
    headers,
    maxRedirects: 0,
  });
  expect(refused.status()).toBe(303);
  const head = refused.headersArray().map(({ name, value }) => `${name}: ${value}\r\n`);
  expect(head.join("").length, "what nginx reads by default").toBeLessThan(4_000);
  const location = refused.headers().location ?? "";
  await page.goto(location);
  await expect(page.getByRole("radio", { name: /^Now/ })).toBeFocused();
  await expect(page.getByRole("group", { name: "Start" })).toHaveAccessibleDescription(
    'The start must be now or later; you entered "soon".',
  );
  await expect(page.getByLabel("CSV file")).toHaveAccessibleDescription(
    /^The file is too large: it can have at most 10 MB/,
  );
  await expect(page.getByLabel("Name")).toHaveValue("Too large");
  await expect(page.getByLabel("Concurrent call limit")).toHaveValue("9");
  await page.goto(address(org));
  await expect(page.getByLabel("CSV file")).not.toHaveAttribute("aria-invalid");

  // Compressed it would fit into the cookie.
  const overlong = {
    name: "Kept",
    start: "soon",
    description: "x".repeat(100_000),
    file: csvFile("phone\n"),
  };
  const second = await page.request.post(`/new-job/create?organizationId=${org.id}`, {
    multipart: overlong,
    headers,
    maxRedirects: 0,
  });
  await page.goto(second.headers().location ?? "");
  await expect(page.getByLabel("Name")).toHaveValue("Kept");
  await expect(page.getByLabel("Description")).toHaveValue("");
  await page.context().clearCookies({ name: "batch-jobs.form" });
  await page.goto(location);
  await expect(page.getByRole("alert").filter({ hasText: "Fill in the form again." })).toBeVisible();

  const multipart = { organizationId: org.id, name: "x", file: csvFile("x") };
  for (const path of [
    "/settings/organization/rename",
    "/job-actions/start",
    "/new-job",
    "/new-job/creates",
    "/jobs",
  ]) {
    const response = await page.request.post(path, { multipart, headers, maxRedirects: 0 });
    expect(response.status(), path).toBe(415);
  }
  const form = { organizationId: org.id, name: "x" };
  const plain = await page.request.post(`/new-job/create?organizationId=${org.id}`, { form, headers });
  expect(plain.status(), "without a file's type").toBe(415);
  expect(await org.ids()).toEqual([]);
});

test.describe("without any job, the page says what to do", () => {
  const steps = [
    "Add a phone number",
    "Create an API key for the dialer",
    "Run a dialer",
    "Create a batch job",
  ];

  test("an owner is led to each step, and sees which are done", async ({ page, org }) => {
    await signIn(page.context(), await makePerson([org], { role: "owner" }));
    await page.goto(`/jobs?organizationId=${org.id}`);
    await expect(page.getByRole("heading", { level: 3 })).toHaveText(steps);
    await expect(page.getByText(/^Ask an owner/)).toHaveCount(0);
    await page.getByRole("link", { name: "New batch job" }).click();
    await page.getByRole("link", { name: "Add phone number" }).click();
    await expect(page).toHaveURL(`/settings/phone-numbers?organizationId=${org.id}`);

    await insertPhoneNumber(org.id);
    await insertApiKey(org.id, makeApiKey(), {
      scopes: ["dial"],
      revoked_at: new Date(),
      last_used_at: new Date(),
    });
    await page.goto(`/jobs?organizationId=${org.id}`);
    const done = (...which: number[]) =>
      expect(page.getByRole("heading", { level: 3 })).toHaveText(
        steps.map((step, at) => (which.includes(at) ? `${step} · Done` : step)),
      );
    await done(0);
    await insertApiKey(org.id, makeApiKey(), { scopes: ["read", "dial"], last_used_at: new Date() });
    await page.reload();
    await done(0, 1);
    const command = await page.locator("#dialer-command").textContent();
    expect(command).toBe(
      `BATCH_JOBS_URL=${addresses.main} BATCH_JOBS_API_KEY=your-api-key npm run -s dialer -- --simulate`,
    );
    const headers = { Authorization: `Bearer ${await org.keyWith("dial")}` };
    const claim = await org.request.post("/batch/calls/claim", { data: { dialer: "x" }, headers });
    expect(claim.status()).toBe(200);
    await expect(async () => {
      await page.reload();
      await done(0, 1, 2);
    }).toPass();
  });

  test("a member learns who can do it, and gets no form", async ({ page, org, member: _member }) => {
    await page.goto(`/jobs?organizationId=${org.id}`);
    await expect(page.getByText("Ask an owner or admin to do this.")).toHaveCount(2);
    await expect(page.getByText("Ask an owner to do this.")).toHaveCount(1);
    await expect(page.getByRole("link", { name: /New batch job|Add phone|Create API key/ })).toHaveCount(0);
    await page.goto(address(org));
    await expect(page.getByText("Only owners and admins can create batch jobs.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Create batch job" })).toHaveCount(0);
    await org.add({});
    await page.goto(`/jobs?organizationId=${org.id}`);
    await expect(page.getByRole("table")).toBeVisible();
    await expect(page.getByRole("link", { name: "New batch job" })).toHaveCount(0);
  });
});
