import { randomBytes } from "node:crypto";
import {
  insertApiKey,
  insertDialableJob,
  insertInvitation,
  insertMembership,
  insertPhoneNumber,
  insertSavedView,
  testDatabase,
  uniqueId,
} from "@/db/fixtures";
import type { Database } from "@/db/schema";
import { makeApiKey } from "./api-key";
import { expect, makePerson, type Organization, test } from "./fixtures";
import { Caller } from "./people";

// Who may do what: every form of the settings, sent by each kind of client.

const kinds = ["owner", "admin", "member", "outsider", "removed", "key", "nobody"] as const;
type Kind = (typeof kinds)[number];

/** What the forms act on: created anew for each form, so that none depends on another. */
interface Targets {
  org: Organization;
  keyId: string;
  rotatingKeyId: string;
  memberId: string;
  adminId: string;
  ownerId: string;
  phoneNumberId: string;
  batchJobId: string;
  /** A view of the member with memberId. */
  viewId: string;
  invitationId: string;
  ownerInvitationId: string;
}

async function makeTargets(org: Organization): Promise<Targets> {
  const successor = await insertApiKey(org.id, makeApiKey());
  const token = () => randomBytes(32).toString("base64url");
  const memberId = (await makePerson([org])).id;
  return {
    org,
    keyId: await insertApiKey(org.id, makeApiKey(), { name: "Test" }),
    rotatingKeyId: await insertApiKey(org.id, makeApiKey(), { successor_id: successor }),
    memberId,
    viewId: await insertSavedView(org.id, memberId, { name: "Test" }),
    adminId: (await makePerson([org], { role: "admin" })).id,
    ownerId: (await makePerson([org], { role: "owner" })).id,
    phoneNumberId: await insertPhoneNumber(org.id),
    batchJobId: await insertDialableJob(org.id, 1),
    invitationId: (await insertInvitation(org.id, token())).id,
    ownerInvitationId: (await insertInvitation(org.id, token(), { role: "owner" })).id,
  };
}

const ok = "200";
const signedOut = "401 signed_out";
const noOrganization = "404 organization_not_found";
const ownersOnly = "403 owners_only";
const managersOnly = "403 owners_and_admins_only";
const noOwners = "403 owner_role_required";

/** The responses to clients without access, which are the same for every form of an organization. */
const noAccess = { outsider: noOrganization, removed: noOrganization, key: signedOut, nobody: signedOut };
const byOwners = { owner: ok, admin: ownersOnly, member: ownersOnly, ...noAccess };
const byManagers = { owner: ok, admin: ok, member: managersOnly, ...noAccess };
const byMembers = { owner: ok, admin: ok, member: ok, ...noAccess };
const noView = "404 saved_view_not_found";
/** What only the person themselves has, whatever the role of others. */
const ofNobody = { owner: noView, admin: noView, member: noView, ...noAccess };
const touchingOwners = { owner: ok, admin: noOwners, member: managersOnly, ...noAccess };

interface FormCase {
  name: string;
  /** Below /settings, unless it begins with a slash. */
  path: string;
  form: (targets: Targets) => Record<string, string>;
  expected: Record<Kind, string>;
}

const addressOf = (path: string) => (path.startsWith("/") ? path : `/settings/${path}`);

const email = () => `${uniqueId("new")}@example.com`;

const forms: FormCase[] = [
  {
    name: "create a key",
    path: "api-keys/create",
    form: () => ({ name: "New", read: "true", expiry: "90" }),
    expected: byOwners,
  },
  {
    name: "rename a key",
    path: "api-keys/rename",
    form: ({ keyId }) => ({ apiKeyId: keyId, name: "Other" }),
    expected: byOwners,
  },
  {
    name: "rotate a key",
    path: "api-keys/rotate",
    form: ({ keyId }) => ({ apiKeyId: keyId, overlap: "1", expiry: "90" }),
    expected: byOwners,
  },
  {
    name: "revoke a key",
    path: "api-keys/revoke",
    form: ({ keyId }) => ({ apiKeyId: keyId, confirmedName: "Test" }),
    expected: byOwners,
  },
  {
    name: "end a replaced key",
    path: "api-keys/end",
    form: ({ rotatingKeyId }) => ({ apiKeyId: rotatingKeyId }),
    expected: byOwners,
  },
  {
    name: "add a phone number",
    path: "phone-numbers/create",
    form: () => ({ id: uniqueId("phone"), phoneNumber: "+12025550100" }),
    expected: byManagers,
  },
  {
    name: "change a phone number",
    path: "phone-numbers/update",
    form: ({ phoneNumberId }) => ({ id: phoneNumberId, agentId: "agent_2" }),
    expected: byManagers,
  },
  {
    name: "remove a phone number",
    path: "phone-numbers/remove",
    form: ({ phoneNumberId }) => ({ id: phoneNumberId }),
    expected: byManagers,
  },
  {
    name: "change the limit of calls",
    path: "phone-numbers/set-limit",
    form: () => ({ limit: "9" }),
    expected: byManagers,
  },
  {
    name: "create a job",
    path: "/new-job/create",
    form: ({ phoneNumberId }) => ({
      name: "New",
      fromPhoneNumberId: phoneNumberId,
      start: "now",
      token: uniqueId("token"),
      file: "phone\n+12025550101\n",
    }),
    expected: byManagers,
  },
  {
    name: "start a job",
    path: "/job-actions/start",
    form: ({ batchJobId }) => ({ batchJobId }),
    expected: byManagers,
  },
  {
    name: "cancel a job",
    path: "/job-actions/cancel",
    form: ({ batchJobId }) => ({ batchJobId }),
    expected: byManagers,
  },
  {
    name: "reschedule a job",
    path: "/job-actions/reschedule",
    form: ({ batchJobId }) => ({ batchJobId, date: "2100-03-01", time: "10:00", timeZone: "UTC" }),
    expected: byManagers,
  },
  {
    name: "save a view of the jobs page",
    path: "views/save",
    form: () => ({ name: "Failed", query: "status=failed" }),
    expected: byMembers,
  },
  {
    name: "change someone else's view",
    path: "views/update",
    form: ({ viewId }) => ({ id: viewId, name: "Other" }),
    expected: ofNobody,
  },
  {
    name: "delete someone else's view",
    path: "views/delete",
    form: ({ viewId }) => ({ id: viewId }),
    expected: ofNobody,
  },
  {
    name: "rename the organization",
    path: "organization/rename",
    form: () => ({ name: "Other" }),
    expected: byOwners,
  },
  {
    name: "make a member an admin",
    path: "members/change-role",
    form: ({ memberId }) => ({ userId: memberId, role: "admin" }),
    expected: byManagers,
  },
  {
    name: "make an admin a member",
    path: "members/change-role",
    form: ({ adminId }) => ({ userId: adminId, role: "member" }),
    expected: byManagers,
  },
  {
    name: "make a member an owner",
    path: "members/change-role",
    form: ({ memberId }) => ({ userId: memberId, role: "owner" }),
    expected: touchingOwners,
  },
  {
    name: "make an owner a member",
    path: "members/change-role",
    form: ({ ownerId }) => ({ userId: ownerId, role: "member" }),
    expected: touchingOwners,
  },
  {
    name: "remove a member",
    path: "members/remove",
    form: ({ memberId }) => ({ userId: memberId }),
    expected: byManagers,
  },
  {
    name: "remove an admin",
    path: "members/remove",
    form: ({ adminId }) => ({ userId: adminId }),
    expected: byManagers,
  },
  {
    name: "remove an owner",
    path: "members/remove",
    form: ({ ownerId }) => ({ userId: ownerId }),
    expected: touchingOwners,
  },
  {
    name: "invite a member",
    path: "members/invite",
    form: () => ({ email: email(), role: "member" }),
    expected: byManagers,
  },
  {
    name: "invite an admin",
    path: "members/invite",
    form: () => ({ email: email(), role: "admin" }),
    expected: byManagers,
  },
  {
    name: "invite an owner",
    path: "members/invite",
    form: () => ({ email: email(), role: "owner" }),
    expected: touchingOwners,
  },
  {
    name: "renew an invitation",
    path: "members/renew-invitation",
    form: ({ invitationId }) => ({ invitationId }),
    expected: byManagers,
  },
  {
    name: "renew an owner's invitation",
    path: "members/renew-invitation",
    form: ({ ownerInvitationId }) => ({ invitationId: ownerInvitationId }),
    expected: touchingOwners,
  },
  {
    name: "cancel an invitation",
    path: "members/cancel-invitation",
    form: ({ invitationId }) => ({ invitationId }),
    expected: byManagers,
  },
  {
    name: "cancel an owner's invitation",
    path: "members/cancel-invitation",
    form: ({ ownerInvitationId }) => ({ invitationId: ownerInvitationId }),
    expected: touchingOwners,
  },
  {
    name: "leave",
    path: "members/leave",
    form: () => ({}),
    expected: byMembers,
  },
  {
    name: "create another organization",
    path: "organization/create",
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
    path: "account/rename",
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

const pages = ["api-keys", "phone-numbers", "members", "organization", "views"] as const;

/** A new client of this kind, in the targets' organization. */
async function callerOf(kind: Kind, targets: Targets, makeOrg: () => Promise<Organization>): Promise<Caller> {
  const { org } = targets;
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
  test(`${kind}: ${forms.length} forms and ${pages.length} pages`, async ({ makeOrg }) => {
    const actual: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const { name, path, form, expected: responses } of forms) {
      const targets = await makeTargets(await makeOrg());
      const caller = await callerOf(kind, targets, makeOrg);
      actual[name] = await caller.tell(addressOf(path), {
        organizationId: targets.org.id,
        ...form(targets),
      });
      expected[name] = responses[kind];
      await caller.request.dispose();
    }
    const targets = await makeTargets(await makeOrg());
    const caller = await callerOf(kind, targets, makeOrg);
    for (const page of pages) {
      const response = await caller.request.get(`/settings/${page}?organizationId=${targets.org.id}`, {
        maxRedirects: 0,
      });
      actual[page] = String(response.status());
      const body = await response.text();
      const isInside = ["owner", "admin", "member"].includes(kind);
      expected[page] = isInside ? "200" : kind === "key" || kind === "nobody" ? "307" : "404";
      if (!isInside) expect(body.replaceAll(targets.org.id, "")).not.toMatch(/Organization org_|Test|…/);
      if (kind === "member" && page !== "organization" && page !== "views")
        expect(body).not.toMatch(/action="\/settings\/(api-keys|phone-numbers|members\/(?!leave))/);
    }
    for (const file of ["jobs.csv", "contacts.csv"]) {
      const { org, batchJobId } = targets;
      const response = await caller.request.get(`/${file}?organizationId=${org.id}&id=${batchJobId}`, {
        maxRedirects: 0,
      });
      actual[file] = String(response.status());
      expected[file] = { ...byMembers, outsider: "404", removed: "404", key: "303", nobody: "303" }[kind];
      if (actual[file] !== "200") expect(await response.text()).not.toContain("+1202");
    }
    await caller.request.dispose();
    expect(actual).toEqual(expected);
  });
}

test("refused forms change neither keys, members, invitations nor the name", async ({ makeOrg }) => {
  const targets = await makeTargets(await makeOrg());
  const readState = async () => {
    const of = targets.org.id;
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
    const phoneNumbers = await testDatabase
      .selectFrom("phone_numbers")
      .where("organization_id", "=", of)
      .select(["id", "agent_id"])
      .execute();
    const limits = await testDatabase
      .selectFrom("organization_calling")
      .where("organization_id", "=", of)
      .select("concurrent_call_limit")
      .execute();
    const jobs = await testDatabase
      .selectFrom("batch_jobs")
      .where("organization_id", "=", of)
      .select(["id", "status", "scheduled_start_time"])
      .execute();
    const views = await testDatabase
      .selectFrom("saved_views")
      .where("organization_id", "=", of)
      .select(["id", "name"])
      .execute();
    return { views, keys, members, invitations, organization, phoneNumbers, limits, jobs };
  };
  const callers: [Kind, Caller][] = [];
  for (const kind of kinds) callers.push([kind, await callerOf(kind, targets, makeOrg)]);
  const before = await readState();
  for (const [kind, caller] of callers) {
    for (const { path, form } of forms.filter(({ expected }) => expected[kind] !== ok)) {
      const response = await caller.post(addressOf(path), {
        organizationId: targets.org.id,
        ...form(targets),
      });
      expect(response.ok()).toBe(false);
    }
    await caller.request.dispose();
  }
  expect(await readState()).toEqual(before);
});

test("a foreign organization and one that does not exist are answered with the same bytes", async ({
  makeOrg,
}) => {
  const targets = await makeTargets(await makeOrg());
  const outsider = await callerOf("outsider", targets, makeOrg);
  const absent = uniqueId("org");
  const ask = async (organizationId: string, path: string, form: Record<string, string>) => {
    const response = await outsider.post(addressOf(path), { organizationId, ...form });
    return { status: response.status(), body: await response.text() };
  };
  for (const { path, form } of forms.filter(({ expected }) => expected.outsider === noOrganization)) {
    const fields = form(targets);
    expect(await ask(targets.org.id, path, fields), path).toEqual(await ask(absent, path, fields));
  }
  await outsider.request.dispose();
});

test("another organization's keys, members and invitations are not found", async ({ makeOrg }) => {
  const [own, foreign] = [await makeTargets(await makeOrg()), await makeTargets(await makeOrg())];
  const owner = await callerOf("owner", own, makeOrg);
  const tell = (path: string, form: Record<string, string>) =>
    owner.tell(addressOf(path), { organizationId: own.org.id, ...form });
  const { keyId, rotatingKeyId, memberId, invitationId, phoneNumberId, batchJobId } = foreign;
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
  expect(await tell("phone-numbers/update", { id: phoneNumberId })).toBe("404 phone_number_not_found");
  expect(await tell("phone-numbers/remove", { id: phoneNumberId })).toBe("404 phone_number_not_found");
  for (const action of ["start", "cancel", "reschedule"]) {
    const form = { batchJobId, date: "2100-03-01", time: "10:00", timeZone: "UTC" };
    expect(await tell(`/job-actions/${action}`, form)).toBe("404 job_not_found");
  }
  const newJob = { name: "New", start: "now", file: "phone\n+12025550101\n" };
  const answers = [phoneNumberId, uniqueId("phone")].map(async (fromPhoneNumberId) => {
    const form = { organizationId: own.org.id, ...newJob, fromPhoneNumberId };
    const response = await owner.post("/new-job/create", form);
    return `${response.status()} ${(await response.text()).replace(fromPhoneNumberId, "…")}`;
  });
  expect(await answers[0], "a foreign phone number").toBe(await answers[1]);
  expect(await answers[0]).toContain("Phone number … not found");
  const page = await owner.request.get(`/settings/api-keys/${keyId}?organizationId=${own.org.id}`);
  expect(page.status()).toBe(404);
  await owner.request.dispose();
});

test("forms from other sites are refused", async ({ makeOrg }) => {
  const targets = await makeTargets(await makeOrg());
  const owner = await callerOf("owner", targets, makeOrg);
  for (const { path, form } of forms) {
    const foreign: Record<string, string>[] = [
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: owner.address, "Sec-Fetch-Site": "cross-site" },
    ];
    for (const headers of foreign) {
      expect(
        await owner.tell(addressOf(path), { organizationId: targets.org.id, ...form(targets) }, headers),
        `${path} from ${JSON.stringify(headers)}`,
      ).toBe("403 foreign_origin");
    }
  }
  for (const path of ["account/change-password", "account/end-session", "account/sign-out-everywhere"]) {
    expect(await owner.tell(addressOf(path), {}, { Origin: "https://evil.example" })).toBe(
      "403 foreign_origin",
    );
  }
  await owner.request.dispose();
});

test("session, permission, origin and fields of a form are checked in that order", async ({ makeOrg }) => {
  const targets = await makeTargets(await makeOrg());
  const [nobody, member, owner] = await Promise.all(
    (["nobody", "member", "owner"] as const).map((kind) => callerOf(kind, targets, makeOrg)),
  );
  const foreign = { Origin: "https://evil.example" };
  for (const { name, path, form, expected } of forms.filter(({ path }) => path !== "members/leave")) {
    const invisible = Object.keys(form(targets)).map((field) => [field, "\u200b"]);
    const invalid = { organizationId: targets.org.id, ...Object.fromEntries(invisible) };
    const submit = (caller: Caller | undefined, headers = {}) =>
      caller?.tell(addressOf(path), invalid, headers);
    expect(await submit(nobody, foreign), name).toBe(signedOut);
    const isAllowed = [ok, noView].includes(expected.member);
    const refusal = isAllowed ? "403 foreign_origin" : expected.member;
    expect(await submit(member, foreign), name).toBe(refusal);
    expect(await submit(owner, foreign), name).toBe("403 foreign_origin");
    expect(await submit(owner), name).toMatch(/^400 invalid_/);
  }
  for (const caller of [nobody, member, owner]) await caller?.request.dispose();
});

test("a change of role takes effect on the next request, with the same cookie", async ({ makeOrg }) => {
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
  expect(await rename()).toBe(noOrganization);
  await insertMembership(org.id, person.id, "member");
  expect(await rename()).toBe(ownersOnly);
  await caller.request.dispose();
});
