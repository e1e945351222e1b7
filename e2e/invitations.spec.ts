import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { insertInvitation, testDatabase, uniqueId } from "@/db/fixtures";
import { expect, makePerson, type Organization, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// An invitation is only valid while the person who sent it may invite.

const newToken = () => randomBytes(32).toString("base64url");

async function openInvitations(org: Organization): Promise<string[]> {
  const rows = await testDatabase
    .selectFrom("invitations")
    .where("organization_id", "=", org.id)
    .select("role")
    .orderBy("role")
    .execute();
  return rows.map(({ role }) => role);
}

for (const [role, left] of [
  ["member", []],
  ["admin", ["admin", "member"]],
  ["owner", ["admin", "member", "owner"]],
] as const) {
  test(`a change to ${role} cancels the invitations that they may no longer send`, async ({ org }) => {
    const [owner, other] = [
      await makePerson([org], { role: "owner" }),
      await makePerson([org], { role: "owner" }),
    ];
    for (const invited of ["owner", "admin", "member"] as const) {
      await insertInvitation(org.id, newToken(), { role: invited, invited_by_user_id: other.id });
    }
    const caller = await Caller.as(owner);
    const form = { organizationId: org.id, userId: other.id, role };
    expect(await caller.tell("/settings/members/change-role", form)).toBe("200");
    expect(await openInvitations(org)).toEqual(left);
    await caller.request.dispose();
  });
}

test("leaving cancels one's own invitations and no others", async ({ org }) => {
  const [owner, leaver] = [
    await makePerson([org], { role: "owner" }),
    await makePerson([org], { role: "admin" }),
  ];
  await insertInvitation(org.id, newToken(), { invited_by_user_id: leaver.id });
  await insertInvitation(org.id, newToken(), { role: "admin", invited_by_user_id: owner.id });
  const caller = await Caller.as(leaver);
  expect(await caller.tell("/settings/members/leave", { organizationId: org.id })).toBe("200");
  expect(await openInvitations(org)).toEqual(["admin"]);
  await caller.request.dispose();
});

test("removing a member while they invite leaves no invitation (15 times)", async ({ org }) => {
  const owner = await Caller.as(await makePerson([org], { role: "owner" }));
  for (let time = 0; time < 15; time++) {
    const admin = await makePerson([org], { role: "admin" });
    const caller = await Caller.as(admin);
    const organizationId = org.id;
    const invite = () =>
      caller.tell("/settings/members/invite", {
        organizationId,
        email: `${uniqueId("eve")}@example.com`,
        role: "admin",
      });
    await Promise.all([
      invite(),
      invite(),
      owner.tell("/settings/members/remove", { organizationId, userId: admin.id }),
      invite(),
      invite(),
    ]);
    expect(await openInvitations(org)).toEqual([]);
    await caller.request.dispose();
  }
  await owner.request.dispose();
});

test("a member who is removed while waiting for the lock changes nothing", async ({ org }) => {
  const [admin, member] = [await makePerson([org], { role: "admin" }), await makePerson([org])];
  const caller = await Caller.as(admin);
  const told = await testDatabase.transaction().execute(async (transaction) => {
    await sql`select from organizations where id = ${org.id} for no key update`.execute(transaction);
    const form = { organizationId: org.id, userId: member.id };
    const answer = caller.tell("/settings/members/remove", form);
    // Until their request waits behind this transaction.
    await expect
      .poll(async () => {
        const { rows } = await sql<{ waiting: number }>`
          select count(*)::int as waiting from pg_locks where not granted
        `.execute(testDatabase);
        return rows[0]?.waiting;
      })
      .toBeGreaterThan(0);
    await transaction.deleteFrom("memberships").where("user_id", "=", admin.id).execute();
    return { answer };
  });
  expect(await told.answer).toBe("404 organization_not_found");
  const left = await testDatabase
    .selectFrom("memberships")
    .where("organization_id", "=", org.id)
    .select("user_id")
    .execute();
  expect(left).toEqual([{ user_id: member.id }]);
  await caller.request.dispose();
});

test("an expired one can't be used by a signed-in person, either", async ({ org }) => {
  const person = await makePerson([]);
  const token = newToken();
  await insertInvitation(org.id, token, { email: person.email, expires_at: new Date(Date.now() - 1_000) });
  const caller = await Caller.as(person);
  expect(await caller.tell("/join/accept", { token })).toBe("404 invitation_not_good");
  await caller.request.dispose();
});

test("a new link is valid for another seven days; after an invitation has expired, the address can be invited again", async ({
  org,
}) => {
  const owner = await Caller.as(await makePerson([org], { role: "owner" }));
  const organizationId = org.id;
  const hour = 3_600_000;
  const late = await insertInvitation(org.id, newToken(), { expires_at: new Date(Date.now() + hour) });
  const over = await insertInvitation(org.id, newToken(), { expires_at: new Date(Date.now() - hour) });
  expect(
    await owner.tell("/settings/members/renew-invitation", { organizationId, invitationId: late.id }),
  ).toBe("200");
  const again = { organizationId, email: over.email, role: "admin" };
  expect(await owner.tell("/settings/members/invite", again)).toBe("200");
  expect(await owner.tell("/settings/members/invite", again)).toBe("409 already_invited");
  const rows = await testDatabase
    .selectFrom("invitations")
    .where("organization_id", "=", org.id)
    .select(["role", "expires_at"])
    .orderBy("role")
    .execute();
  expect(rows.map(({ role }) => role)).toEqual(["admin", "member"]);
  for (const { expires_at } of rows) {
    expect(Math.abs(expires_at.getTime() - Date.now() - 7 * 24 * hour)).toBeLessThan(60_000);
  }
  await owner.request.dispose();
});

test("one link can make the server hash ten passwords at most", async ({ org }) => {
  const token = newToken();
  await insertInvitation(org.id, token);
  // On the other server, as other tests sign in on the main one.
  const caller = await Caller.as(undefined, { address: addresses.odd });
  const told = await Promise.all(
    // From several addresses, as no more than eight requests of one are handled at a time.
    Array.from({ length: 14 }, (_, at) =>
      caller.tell(
        "/join/accept",
        { token, password: "correct horse battery" },
        { "X-Forwarded-For": `203.0.113.${at}` },
      ),
    ),
  );
  expect(told.filter((one) => one === "200")).toHaveLength(1);
  expect(told.filter((one) => one === "429 too_many_attempts").length).toBeGreaterThanOrEqual(1);
  const { cookies } = await caller.request.storageState();
  expect(cookies.map(({ name }) => name).sort()).toEqual(["batch-jobs.device", "batch-jobs.session"]);
  const expected = ["200", "404 invitation_not_good", "429 too_many_attempts", "503 busy"];
  expect(expected).toEqual(expect.arrayContaining(told));
  await caller.request.dispose();
});
