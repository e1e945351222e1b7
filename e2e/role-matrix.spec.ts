import { randomBytes } from "node:crypto";
import { insertApiKey, insertInvitation, insertMembership, testDatabase, uniqueId } from "@/db/fixtures";
import type { Database } from "@/db/schema";
import { makeApiKey } from "./api-key";
import { expect, makePerson, type Organization, test } from "./fixtures";
import { Caller } from "./people";

// Who may do what: every form of the settings, sent by everybody.

const kinds = ["owner", "admin", "member", "outsider", "removed", "key", "nobody"] as const;
type Kind = (typeof kinds)[number];

/** What is there to be acted on: made anew for each knock, so that none depends on another. */
interface Things {
  org: Organization;
  keyId: string;
  rotatingKeyId: string;
  memberId: string;
  adminId: string;
  ownerId: string;
  invitationId: string;
  ownerInvitationId: string;
}

async function makeThings(org: Organization): Promise<Things> {
  const successor = await insertApiKey(org.id, makeApiKey());
  const token = () => randomBytes(32).toString("base64url");
  return {
    org,
    keyId: await insertApiKey(org.id, makeApiKey(), { name: "Test" }),
    rotatingKeyId: await insertApiKey(org.id, makeApiKey(), { successor_id: successor }),
    memberId: (await makePerson([org])).id,
    adminId: (await makePerson([org], { role: "admin" })).id,
    ownerId: (await makePerson([org], { role: "owner" })).id,
    invitationId: (await insertInvitation(org.id, token())).id,
    ownerInvitationId: (await insertInvitation(org.id, token(), { role: "owner" })).id,
  };
}

const ok = "200";
const signedOut = "401 signed_out";
const elsewhere = "404 organization_not_found";
const ownersOnly = "403 managing_forbidden";
const managersOnly = "403 managing_members_forbidden";
const noOwners = "403 owners_are_for_owners";

/** The answers of those who are nobody here, which are the same at every door of an organization. */
const strangers = { outsider: elsewhere, removed: elsewhere, key: signedOut, nobody: signedOut };
const byOwners = { owner: ok, admin: ownersOnly, member: ownersOnly, ...strangers };
const byManagers = { owner: ok, admin: ok, member: managersOnly, ...strangers };
const touchingOwners = { owner: ok, admin: noOwners, member: managersOnly, ...strangers };

interface Knock {
  name: string;
  door: string;
  form: (things: Things) => Record<string, string>;
  expected: Record<Kind, string>;
}

const email = () => `${uniqueId("new")}@example.com`;

const knocks: Knock[] = [
  {
    name: "create a key",
    door: "api-keys/create",
    form: () => ({ name: "New", expiry: "90" }),
    expected: byOwners,
  },
  {
    name: "rename a key",
    door: "api-keys/rename",
    form: ({ keyId }) => ({ apiKeyId: keyId, name: "Other" }),
    expected: byOwners,
  },
  {
    name: "rotate a key",
    door: "api-keys/rotate",
    form: ({ keyId }) => ({ apiKeyId: keyId, overlap: "1", expiry: "90" }),
    expected: byOwners,
  },
  {
    name: "revoke a key",
    door: "api-keys/revoke",
    form: ({ keyId }) => ({ apiKeyId: keyId, confirmedName: "Test" }),
    expected: byOwners,
  },
  {
    name: "end a replaced key",
    door: "api-keys/end",
    form: ({ rotatingKeyId }) => ({ apiKeyId: rotatingKeyId }),
    expected: byOwners,
  },
  {
    name: "rename the organization",
    door: "organization/rename",
    form: () => ({ name: "Other" }),
    expected: byOwners,
  },
  {
    name: "make a member an admin",
    door: "members/change-role",
    form: ({ memberId }) => ({ userId: memberId, role: "admin" }),
    expected: byManagers,
  },
  {
    name: "make an admin a member",
    door: "members/change-role",
    form: ({ adminId }) => ({ userId: adminId, role: "member" }),
    expected: byManagers,
  },
  {
    name: "make a member an owner",
    door: "members/change-role",
    form: ({ memberId }) => ({ userId: memberId, role: "owner" }),
    expected: touchingOwners,
  },
  {
    name: "make an owner a member",
    door: "members/change-role",
    form: ({ ownerId }) => ({ userId: ownerId, role: "member" }),
    expected: touchingOwners,
  },
  {
    name: "remove a member",
    door: "members/remove",
    form: ({ memberId }) => ({ userId: memberId }),
    expected: byManagers,
  },
  {
    name: "remove an admin",
    door: "members/remove",
    form: ({ adminId }) => ({ userId: adminId }),
    expected: byManagers,
  },
  {
    name: "remove an owner",
    door: "members/remove",
    form: ({ ownerId }) => ({ userId: ownerId }),
    expected: touchingOwners,
  },
  {
    name: "invite a member",
    door: "members/invite",
    form: () => ({ email: email(), role: "member" }),
    expected: byManagers,
  },
  {
    name: "invite an admin",
    door: "members/invite",
    form: () => ({ email: email(), role: "admin" }),
    expected: byManagers,
  },
  {
    name: "invite an owner",
    door: "members/invite",
    form: () => ({ email: email(), role: "owner" }),
    expected: touchingOwners,
  },
  {
    name: "renew an invitation",
    door: "members/renew-invitation",
    form: ({ invitationId }) => ({ invitationId }),
    expected: byManagers,
  },
  {
    name: "renew an owner's invitation",
    door: "members/renew-invitation",
    form: ({ ownerInvitationId }) => ({ invitationId: ownerInvitationId }),
    expected: touchingOwners,
  },
  {
    name: "cancel an invitation",
    door: "members/cancel-invitation",
    form: ({ invitationId }) => ({ invitationId }),
    expected: byManagers,
  },
  {
    name: "cancel an owner's invitation",
    door: "members/cancel-invitation",
    form: ({ ownerInvitationId }) => ({ invitationId: ownerInvitationId }),
    expected: touchingOwners,
  },
  {
    name: "leave",
    door: "members/leave",
    form: () => ({}),
    expected: { owner: ok, admin: ok, member: ok, ...strangers },
  },
  {
    name: "create another organization",
    door: "organization/create",
    form: () => ({ newName: "Another" }),
    expected: {
      owner: ok,
      admin: "403 creating_forbidden",
      member: "403 creating_forbidden",
      outsider: "403 creating_forbidden",
      removed: "403 creating_forbidden",
      key: signedOut,
      nobody: signedOut,
    },
  },
  {
    name: "change one's name",
    door: "account/rename",
    form: () => ({ name: "Other" }),
    expected: {
      owner: ok,
      admin: ok,
      member: ok,
      outsider: ok,
      removed: ok,
      key: signedOut,
      nobody: signedOut,
    },
  },
];

const pages = ["api-keys", "members", "organization"] as const;

/** A caller of this kind, new, in an organization that has all things. */
async function come(kind: Kind, things: Things, makeOrg: () => Promise<Organization>): Promise<Caller> {
  const { org } = things;
  switch (kind) {
    case "nobody":
      return Caller.as(undefined);
    case "key":
      return Caller.as(undefined, { headers: { Authorization: `Bearer ${org.key}` } });
    case "outsider":
      return Caller.as(await makePerson([await makeOrg()]));
    case "removed": {
      const person = await makePerson([org]);
      const caller = await Caller.as(person);
      await testDatabase.deleteFrom("memberships").where("user_id", "=", person.id).execute();
      return caller;
    }
    default:
      return Caller.as(await makePerson([org], { role: kind }));
  }
}

for (const kind of kinds) {
  test(`${kind}: ${knocks.length} acts and ${pages.length} pages`, async ({ makeOrg }) => {
    const told: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const { name, door, form, expected: answers } of knocks) {
      const things = await makeThings(await makeOrg());
      const caller = await come(kind, things, makeOrg);
      told[name] = await caller.tell(`/settings/${door}`, {
        organizationId: things.org.id,
        ...form(things),
      });
      expected[name] = answers[kind];
      await caller.request.dispose();
    }
    const things = await makeThings(await makeOrg());
    const caller = await come(kind, things, makeOrg);
    for (const page of pages) {
      const response = await caller.request.get(`/settings/${page}?organizationId=${things.org.id}`, {
        maxRedirects: 0,
      });
      told[page] = String(response.status());
      const body = await response.text();
      const isInside = ["owner", "admin", "member"].includes(kind);
      expected[page] = isInside ? "200" : kind === "key" || kind === "nobody" ? "307" : "404";
      if (!isInside) expect(body.replaceAll(things.org.id, "")).not.toMatch(/Organization org_|Test|…/);
      if (kind === "member" && page !== "organization")
        expect(body).not.toMatch(/action="\/settings\/(api-keys|members\/(?!leave))/);
    }
    await caller.request.dispose();
    expect(told).toEqual(expected);
  });
}

test("what was refused was not done: keys, members, invitations and name are as they were", async ({
  makeOrg,
}) => {
  const things = await makeThings(await makeOrg());
  const picture = async () => {
    const of = things.org.id;
    const keys = await testDatabase
      .selectFrom("api_keys")
      .where("organization_id", "=", of)
      .select(["id", "name", "expires_at", "revoked_at", "successor_id"])
      .orderBy("id")
      .execute();
    const members = await testDatabase
      .selectFrom("memberships")
      .where("organization_id", "=", of)
      .select(["user_id", "role"])
      .orderBy("user_id")
      .execute();
    const invitations = await testDatabase
      .selectFrom("invitations")
      .where("organization_id", "=", of)
      .select(["id", "role", "token_hash"])
      .orderBy("id")
      .execute();
    const organization = await testDatabase
      .selectFrom("organizations")
      .where("id", "=", of)
      .select("name")
      .execute();
    return { keys, members, invitations, organization };
  };
  const callers: [Kind, Caller][] = [];
  for (const kind of kinds) callers.push([kind, await come(kind, things, makeOrg)]);
  const before = await picture();
  for (const [kind, caller] of callers) {
    for (const { door, form } of knocks.filter(({ expected }) => expected[kind] !== ok)) {
      const response = await caller.post(`/settings/${door}`, {
        organizationId: things.org.id,
        ...form(things),
      });
      expect(response.ok()).toBe(false);
    }
    await caller.request.dispose();
  }
  expect(await picture()).toEqual(before);
});

test("a foreign organization and one that does not exist are answered with the same bytes", async ({
  makeOrg,
}) => {
  const things = await makeThings(await makeOrg());
  const outsider = await come("outsider", things, makeOrg);
  const absent = uniqueId("org");
  const ask = async (organizationId: string, door: string, form: Record<string, string>) => {
    const response = await outsider.post(`/settings/${door}`, { organizationId, ...form });
    return { status: response.status(), body: await response.text() };
  };
  for (const { door, form } of knocks.filter(({ expected }) => expected.outsider === elsewhere)) {
    const fields = form(things);
    expect(await ask(things.org.id, door, fields), door).toEqual(await ask(absent, door, fields));
  }
  await outsider.request.dispose();
});

test("what an owner names of another organization is not there", async ({ makeOrg }) => {
  const [own, foreign] = [await makeThings(await makeOrg()), await makeThings(await makeOrg())];
  const owner = await come("owner", own, makeOrg);
  const tell = (door: string, form: Record<string, string>) =>
    owner.tell(`/settings/${door}`, { organizationId: own.org.id, ...form });
  const { keyId, rotatingKeyId, memberId, invitationId } = foreign;
  expect(await tell("api-keys/rename", { apiKeyId: keyId, name: "Mine" })).toBe("404 api_key_not_found");
  expect(await tell("api-keys/rotate", { apiKeyId: keyId, overlap: "0", expiry: "30" })).toBe(
    "404 api_key_not_found",
  );
  expect(await tell("api-keys/revoke", { apiKeyId: keyId, confirmedName: "Test" })).toBe(
    "404 api_key_not_found",
  );
  expect(await tell("api-keys/end", { apiKeyId: rotatingKeyId })).toBe("404 api_key_not_found");
  expect(await tell("members/change-role", { userId: memberId, role: "admin" })).toBe("404 member_not_found");
  expect(await tell("members/remove", { userId: memberId })).toBe("404 member_not_found");
  expect(await tell("members/renew-invitation", { invitationId })).toBe("404 invitation_not_found");
  expect(await tell("members/cancel-invitation", { invitationId })).toBe("404 invitation_not_found");
  const page = await owner.request.get(`/settings/api-keys/${keyId}?organizationId=${own.org.id}`);
  expect(page.status()).toBe(404);
  await owner.request.dispose();
});

test("no door opens to a form of another site, and what it brought changes nothing", async ({ makeOrg }) => {
  const things = await makeThings(await makeOrg());
  const owner = await come("owner", things, makeOrg);
  for (const { door, form } of knocks) {
    const foreign: Record<string, string>[] = [
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: owner.address, "Sec-Fetch-Site": "cross-site" },
    ];
    for (const headers of foreign) {
      expect(
        await owner.tell(`/settings/${door}`, { organizationId: things.org.id, ...form(things) }, headers),
        `${door} from ${JSON.stringify(headers)}`,
      ).toBe("403 foreign_origin");
    }
  }
  for (const door of ["account/change-password", "account/end-session", "account/sign-out-everywhere"]) {
    expect(await owner.tell(`/settings/${door}`, {}, { Origin: "https://evil.example" })).toBe(
      "403 foreign_origin",
    );
  }
  await owner.request.dispose();
});

test("a role counts from the next request on, with the same cookie", async ({ makeOrg }) => {
  const org = await makeOrg();
  const person = await makePerson([org], { role: "owner" });
  const caller = await Caller.as(person);
  const rename = () =>
    caller.tell("/settings/organization/rename", { organizationId: org.id, name: "Other" });
  expect(await rename()).toBe(ok);
  const setRole = (role: Database["memberships"]["role"]) =>
    testDatabase.updateTable("memberships").set({ role }).where("user_id", "=", person.id).execute();
  await setRole("admin");
  expect(await rename()).toBe(ownersOnly);
  await setRole("owner");
  expect(await rename()).toBe(ok);
  await testDatabase.deleteFrom("memberships").where("user_id", "=", person.id).execute();
  expect(await rename()).toBe(elsewhere);
  await insertMembership(org.id, person.id, "member");
  expect(await rename()).toBe(ownersOnly);
  await caller.request.dispose();
});
