import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { mergeTests } from "@playwright/test";
import { insertApiKey, insertInvitation, testDatabase } from "@/db/fixtures";
import { ApiKeyName } from "@/lib/api-keys/schema";
import { BatchJob } from "@/lib/batch-jobs/schema";
import { JoinForm } from "@/lib/invitations/schema";
import { NewOrganization } from "@/lib/organizations/schema";
import { NameForm, NewUser } from "@/lib/users/schema";
import { makeApiKey } from "./api-key";
import { expect, makePerson, test as withOrganizations } from "./fixtures";
import { Caller } from "./people";
import { test as withWorkshop } from "./process";

const test = mergeTests(withOrganizations, withWorkshop);

// Names that people and integrators give: what is refused everywhere, and how the command line shows what is stored.

const schemas = {
  "an API key": ApiKeyName,
  "an organization": NewOrganization.shape.name,
  "a person": NewUser.shape.name,
  "a person who renames themselves": NameForm.shape.name,
  "a person who joins": JoinForm.shape.name,
  "a batch job": BatchJob.shape.name,
  "a batch job's description": BatchJob.shape.description,
  "an agent's id": BatchJob.shape.agentId,
  "a phone number's id": BatchJob.shape.fromPhoneNumberId,
};
const escapeSequence = "\u001b]0;owned\u0007";

const refused: [what: string, value: string][] = [
  ["NUL", "a\0b"],
  ["an escape sequence", `a${escapeSequence}b`],
  ["backspaces", "a\b\b"],
  ["DEL", "a\u007f"],
  ["a C1 control character (CSI)", "a\u009b31m"],
  ["half of a surrogate pair", "a\ud800"],
  ["an unassigned code point", "a\u0378"],
  ["a noncharacter", "a\ufffe"],
  ["nothing but zero-width characters", "\u200b\u200c\u200d\u2060"],
  ["nothing but bidirectional controls", "\u202e\u2066\u2069"],
  ["zero-width characters and spaces", " \u200b \u200b "],
  ["nothing but tag characters", "\u{e0041}\u{e0042}"],
  ["nothing but a filler", "\u3164"],
];
const accepted: [what: string, value: string][] = [
  ["letters with combining marks", "Zoe\u0308"],
  ["emoji with joiners", "Night shift 👩🏽‍🚀"],
  ["an emoji that Unicode has only reserved", "\u{1faff}"],
  ["Persian with its zero-width non-joiner", "می‌خواهم"],
  ["Hebrew with a direction mark", "\u200fשלום"],
  ["a private-use character", "\ue000"],
];

for (const [where, schema] of Object.entries(schemas)) {
  test(`the name of ${where}: control, unassigned and only invisible characters are refused`, () => {
    for (const [what, value] of refused) expect(schema.safeParse(value).success, what).toBe(false);
    for (const [what, value] of accepted) expect(schema.safeParse(value).success, what).toBe(true);
  });
}

test("a description may have several lines and tabs; a name may not", () => {
  const value = "First line\r\n\tsecond line";
  expect(BatchJob.shape.description.parse(value)).toBe(value);
  expect(BatchJob.shape.description.parse("")).toBe("");
  expect(BatchJob.shape.name.safeParse(value).success).toBe(false);
  expect(ApiKeyName.parse(value), "typed into a form, they become spaces").toBe("First line second line");
});

test("each form refuses them, and says which character it is", async ({ org }) => {
  const owner = await Caller.as(await makePerson([org], { role: "owner" }));
  const apiKeyId = await insertApiKey(org.id, makeApiKey());
  const token = `${"n".repeat(42)}A`;
  await insertInvitation(org.id, token);
  const forms: [path: string, field: string, more: Record<string, string>][] = [
    ["/settings/api-keys/create", "name", { read: "true", expiry: "90" }],
    ["/settings/api-keys/rename", "name", { apiKeyId }],
    ["/settings/organization/rename", "name", {}],
    ["/settings/organization/create", "newName", {}],
    ["/settings/account/rename", "name", {}],
  ];
  for (const [path, field, more] of forms) {
    const send = async (value: string) =>
      (await owner.post(path, { organizationId: org.id, ...more, [field]: value })).json();
    expect(await send("\u200b\u202e"), path).toMatchObject({
      detail: `${field} must contain a visible character`,
    });
    expect(await send(`a${escapeSequence}`), path).toMatchObject({
      detail: `${field} must not contain control characters: it has U+001B`,
    });
  }
  const nobody = await Caller.as(undefined);
  const joining = { token, password: "correct horse battery", name: `a${escapeSequence}` };
  expect(await nobody.tell("/join/accept", joining)).toBe("400 invalid_name");
  for (const one of [owner, nobody]) await one.request.dispose();
});

test("the command line refuses them, and escapes them in its output", async ({ org, workshop }) => {
  const { DATABASE_URL } = process.env;
  const name = `Evil ${escapeSequence}\u009b2J\u202e\u200dA`;
  const escaped = "Evil \\u001b]0;owned\\u0007\\u009b2J\\u202e\u200dA";
  await testDatabase.updateTable("organizations").set({ name }).where("id", "=", org.id).execute();
  await insertApiKey(org.id, makeApiKey(), { name });
  const admin = (...words: string[]) => workshop.admin({ DATABASE_URL }, words);
  const importing = (input: string) =>
    workshop.admin({ DATABASE_URL }, ["batch-jobs", "import", "--organization", org.id, "-"], input);
  const [organizations, keys, refusedKey, missing, quoted] = [
    await admin("organizations", "list"),
    await admin("api-keys", "list", "--organization", org.id),
    await admin("api-keys", "create", "--organization", org.id, "--name", "\u200b"),
    await admin("api-keys", "list", "--organization", name),
    await importing(JSON.stringify({ detail: name, code: "x" })),
  ];
  expect(organizations.stdout).toContain(`${org.id}\t${escaped}\t`);
  expect(keys.stdout).toContain(`\t${escaped}\t`);
  expect(refusedKey.stderr).toBe("--name must contain a visible character\n");
  expect(missing.stderr).toContain(`Organization ${escaped} not found\n`);
  expect(quoted.stderr).toContain(escaped);
  for (const { stdout, stderr } of [organizations, keys, refusedKey, missing, quoted]) {
    expect(stdout + stderr).not.toMatch(/(?![\t\n])\p{Cc}|\u202e/u);
  }
});

test("log lines contain no terminal control characters", async () => {
  const reason = `no row for ${escapeSequence}\u007f\u009b2J\u202e`;
  const script = `
    import { logError } from "./lib/log.ts";
    logError("a test", new Error(${JSON.stringify(reason)}));
  `;
  const node = ["--import", "tsx", "--input-type=module", "--eval", script];
  const { stderr } = await promisify(execFile)(process.execPath, node, { cwd: `${import.meta.dirname}/..` });
  expect(JSON.parse(stderr)).toMatchObject({ message: "a test", reason });
  expect(stderr).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
});
