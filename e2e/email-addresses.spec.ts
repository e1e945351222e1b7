import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { insertInvitation, testDatabase, uniqueId } from "@/db/fixtures";
import { NewUser } from "@/lib/users/schema";
import { expect, makePerson, postSignIn, test } from "./fixtures";
import { Caller } from "./people";

// Email addresses: which ones are accepted, and that one mailbox is one account however it is typed.

const { email: Email } = NewUser.shape;

for (const [given, stored] of [
  ["Ana@Example.COM", "ana@example.com"],
  ["  ana+jobs@example.com ", "ana+jobs@example.com"],
  ["user@localhost", "user@localhost"],
  ["jörg@example.com", "jörg@example.com"],
  ["JO\u0308RG@example.com", "jörg@example.com"],
  ["ana@bücher.example", "ana@xn--bcher-kva.example"],
  ["ana@BÜCHER.example", "ana@xn--bcher-kva.example"],
  ["ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"],
  ["ana@bu\u0308cher。example", "ana@xn--bcher-kva.example"],
  ["ana@пример.рф", "ana@xn--e1afmkfd.xn--p1ai"],
  ["用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"],
] as const) {
  test(`${given} is ${stored}`, () => expect(Email.parse(given)).toBe(stored));
}

for (const given of [
  ...["", "ana", "@example.com", "ana@", "ana@@example.com", "a b@example.com", "ana@exam ple.com"],
  ...[".ana@example.com", "ana.@example.com", "a..b@example.com", "ana@example", "ana@.com", "ana@a..com"],
  ...["ana@-a.com", "ana@example.com.", "ana@127.0.0.1", "ana@[127.0.0.1]", "ana@example.1"],
  // What a reader of web addresses would cut off or decode.
  ...["ana@example.com/x", "ana@example.com:25", "ana@ex%61mple.com", "ana@example.com#x", "ana@a.com?b.com"],
  ...["ana\u0000@example.com", "ana\u200b@example.com", "ana@example\u0007.com", "ana\n@example.com"],
  ...[
    "ana,bo@example.com",
    "<ana>@example.com",
    `${"a".repeat(250)}@example.com`,
    `ana@${"ü".repeat(70)}.com`,
  ],
]) {
  test(`${JSON.stringify(given).slice(0, 40)} is not an email address`, () =>
    expect(Email.safeParse(given).success).toBe(false));
}

test("the database's check accepts normalized addresses", async () => {
  const all = Array.from({ length: 0x2_fa20 }, (_, at) => String.fromCodePoint(at))
    .filter((one) => /[\p{L}\p{M}\p{N}]/u.test(one))
    .flatMap((one) => Email.safeParse(`a${one}b@example.com`).data ?? []);
  expect(all.length).toBeGreaterThan(100_000);
  const { rows } = await sql<{ email: string }>`
    select email from unnest(${all}::text[]) as email where email <> lower(email)
  `.execute(testDatabase);
  expect(rows).toEqual([]);
});

test("spellings of one mailbox are one account, and each signs in", async ({ org, playwright }) => {
  const owner = await Caller.as(await makePerson([org], { role: "owner" }));
  const name = uniqueId("joerg").replace("oe", "ö");
  const invite = (email: string) =>
    owner.tell("/settings/members/invite", { organizationId: org.id, email, role: "member" });
  const token = randomBytes(32).toString("base64url");
  await insertInvitation(org.id, token, { email: `${name}@xn--bcher-kva.example` });
  expect(await invite(`${name.toUpperCase()}@bücher.example`)).toBe("409 already_invited");
  const joiner = await Caller.as(undefined);
  const password = "correct horse battery";
  expect(await joiner.tell("/join/accept", { token, password })).toBe("200");
  const request = await playwright.request.newContext();
  const spelling = `${name.normalize("NFD").toUpperCase()}@BÜCHER.example`;
  expect((await postSignIn(request, { email: spelling, password }, owner.address)).status()).toBe(200);
  expect(await invite(spelling)).toBe("409 already_member");
  await Promise.all([owner, joiner].map((one) => one.request.dispose()));
  await request.dispose();
});
