import { sql } from "kysely";
import { insertPhoneNumber, testDatabase, uniqueId } from "@/db/fixtures";
import { expect, test } from "./dialer";
import { openApi } from "./openapi";

// Writes of the API can be repeated with an Idempotency-Key.

const claim = "/batch/calls/claim";
const key = { "Idempotency-Key": "3f2504e0-4f89-11d3-9a0c-0305e82c3301" };

test("the same request gets the same answer, and has one effect", async ({ dialer }) => {
  const id = await dialer.addJob(9);
  const first = await dialer.post(claim, { dialer: "x", max: 2 }, key);
  expect(first.status()).toBe(200);
  expect(first.headers()["idempotent-replayed"]).toBeUndefined();
  for (const fields of [
    { dialer: "x", max: 2 },
    { max: 2, leaseSeconds: 60, dialer: "x" },
  ]) {
    const again = await dialer.post(claim, fields, key);
    expect(again.headers()["idempotent-replayed"]).toBe("true");
    expect(await again.text()).toBe(await first.text());
  }
  expect((await dialer.contacts(id)).filter(({ status }) => status === "queued")).toHaveLength(2);
});

test("every write can be repeated", async ({ org }) => {
  const headers = { Authorization: `Bearer ${await org.keyWith("manage", "dial")}` };
  const repeated: string[] = [];
  const write = async (path: string, options: Parameters<typeof org.request.fetch>[1] = {}) => {
    const key = { "Idempotency-Key": uniqueId("write") };
    const method = "post";
    const send = () => org.request.fetch(path, { method, ...options, headers: { ...headers, ...key } });
    const [first, second] = [await send(), await send()];
    expect([first.status(), second.status()], path).toEqual([200, 200]);
    expect(await second.text(), path).toBe(await first.text());
    expect(second.headers()["idempotent-replayed"], path).toBe("true");
    const pattern = path
      .replace(/\?.*/, "")
      .replace(/call_\w+/, "{callId}")
      .replace(/batch_\w+/, "{batchJobId}");
    repeated.push(`${options.method ?? method} ${pattern}`);
    return first.json();
  };
  const job = { name: "A job", fromPhoneNumberId: await insertPhoneNumber(org.id) };
  const data = { ...job, contacts: [{ phone: "+12025550101" }] };
  const { batchJobId } = await write("/batch/create", { data });
  const path = `/batch/jobs/${batchJobId}`;
  await write(`${path}/reschedule?scheduledStartTime=2035-01-01T00:00:00`, { method: "patch" });
  await write(`${path}/reschedule?scheduledStartTime=2036-01-01T00:00:00`);
  await write(`${path}/start`);
  const { calls } = await write("/batch/calls/claim", { data: { dialer: "x", batchJobId } });
  await write(`/batch/calls/${calls[0].callId}/dialing`);
  await write(`/batch/calls/${calls[0].callId}/result`, { data: { status: "busy" } });
  await write(`${path}/fail`, { data: { reason: "The trunk is gone" } });
  const buffer = Buffer.from("phone\n+12025550101\n");
  const multipart = { ...job, file: { name: "contacts.csv", mimeType: "text/csv", buffer } };
  const created = await write("/batch/create", { multipart });
  await write(`/batch/jobs/${created.batchJobId}/cancel`);
  expect((await org.list()).total).toBe(2);

  const { document } = await openApi();
  const writes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => (method === "get" ? [] : [`${method} ${path}`])),
  );
  expect([...new Set(repeated)].sort()).toEqual(writes.sort());
});

test("another request with the key is refused, whatever differs", async ({ dialer }) => {
  await dialer.addJob(9);
  const { calls } = await (await dialer.post(claim, { dialer: "x" }, key)).json();
  expect(await dialer.refusal(claim, { dialer: "y" }, key)).toBe("422 idempotency_key_reused");
  expect(await dialer.refusal(`/batch/calls/${calls[0].callId}/dialing`, {}, key)).toBe(
    "422 idempotency_key_reused",
  );
});

test("many such requests at once have one effect, and one answer", async ({ dialer }) => {
  const id = await dialer.addJob(9);
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => dialer.post(claim, { dialer: "x" }, key)),
  );
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
  const replayed = answers.filter((answer) => answer.headers()["idempotent-replayed"] === "true");
  expect(replayed).toHaveLength(5);
  expect((await dialer.contacts(id)).filter(({ status }) => status === "queued")).toHaveLength(1);
});

test("a refused request is not stored", async ({ dialer }) => {
  await dialer.addJob(1);
  const { callId } = await dialer.claimOne();
  const result = [`/batch/calls/${callId}/result`, { status: "completed" }, key] as const;
  expect(await dialer.refusal(...result)).toBe("409 invalid_result");
  await dialer.dialing(callId);
  const accepted = await dialer.post(...result);
  expect(accepted.status()).toBe(200);
  expect(accepted.headers()["idempotent-replayed"]).toBeUndefined();
});

test("without a stored answer there is no effect: both are in one transaction", async ({ dialer }) => {
  const id = await dialer.addJob(1);
  const name = sql.id(`fail_${dialer.org.id}`);
  // Storing an answer fails, for this organization only.
  await sql`
    create function ${name}() returns trigger language plpgsql as $$ begin raise exception 'for the test'; end $$;
    create trigger ${name} before update on idempotency_keys for each row
    when (new.organization_id = ${sql.lit(dialer.org.id)} and new.body <> '') execute function ${name}();
  `.execute(testDatabase);
  try {
    expect(await dialer.refusal(claim, { dialer: "x" }, key)).toBe("500 internal_error");
    expect((await dialer.contacts(id)).map(({ status }) => status)).toEqual(["pending"]);
  } finally {
    await sql`drop function ${name}() cascade`.execute(testDatabase);
  }
  const answer = await dialer.post(claim, { dialer: "x" }, key);
  expect(answer.headers()["idempotent-replayed"]).toBeUndefined();
  expect((await answer.json()).calls).toHaveLength(1);
});

test("keys are an organization's own, and are forgotten after a day", async ({ dialer, makeDialer }) => {
  const id = await dialer.addJob(9);
  const fields = { dialer: "x" };
  await dialer.post(claim, fields, key);
  const other = await makeDialer();
  await other.addJob(1);
  const foreign = await other.post(claim, fields, key);
  expect(foreign.headers()["idempotent-replayed"]).toBeUndefined();
  const age = (hours: number) =>
    testDatabase
      .updateTable("idempotency_keys")
      .set({ created_at: new Date(Date.now() - hours * 3_600_000) })
      .where("organization_id", "=", dialer.org.id)
      .execute();
  await age(23);
  expect((await dialer.post(claim, fields, key)).headers()["idempotent-replayed"]).toBe("true");
  await age(25);
  expect((await dialer.post(claim, { dialer: "y" }, key)).headers()["idempotent-replayed"]).toBeUndefined();
  expect((await dialer.contacts(id)).filter(({ status }) => status === "queued")).toHaveLength(2);
  await age(25);
  const stored = testDatabase.selectFrom("idempotency_keys").where("organization_id", "=", dialer.org.id);
  await expect.poll(() => stored.select("created_at").execute(), { timeout: 20_000 }).toEqual([]);
});

for (const [name, value] of [
  ["none", ""],
  ["256 bytes", "x".repeat(256)],
] as const) {
  test(`a key of ${name} is refused`, async ({ dialer }) => {
    const response = await dialer.post(claim, { dialer: "x" }, { "Idempotency-Key": value });
    expect(response.status()).toBe(400);
    expect(await response.json()).toEqual({
      code: "invalid_idempotency_key",
      detail: `The Idempotency-Key header must have 1 to 255 bytes; got ${value.length}`,
    });
  });
}
