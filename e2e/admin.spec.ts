import { readFile } from "node:fs/promises";
import { mergeTests } from "@playwright/test";
import {
  insertApiKey,
  insertMembership,
  insertOrganization,
  insertUser,
  testDatabase,
  uniqueId,
} from "@/db/fixtures";
import { schemaVersion } from "@/db/fixtures-postgres";
import { makeApiKey } from "./api-key";
import { expect, postSignIn, test as withOrganizations } from "./fixtures";
import { freePort, test as withWorkshop } from "./process";
import { addresses } from "./servers";

const test = mergeTests(withOrganizations, withWorkshop);
const DATABASE_URL = process.env.DATABASE_URL;

test.describe("help", () => {
  for (const words of [
    [],
    ...["organizations", "users", "api-keys", "phone-numbers", "batch-jobs"].map((noun) => [noun]),
    ["organizations", "create"],
    ["organizations", "list"],
    ["users", "create"],
    ["users", "add"],
    ["users", "set-password"],
    ["api-keys", "create"],
    ["api-keys", "list"],
    ["api-keys", "revoke"],
    ["batch-jobs", "import"],
    ["batch-jobs", "generate"],
    ["backup"],
    ["restore"],
  ]) {
    test(`of "${words.join(" ")}" is on standard output, without a database`, async ({ workshop }) => {
      const { status, stdout, stderr } = await workshop.admin(
        { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/x" },
        [...words, "--help"],
      );
      expect(stdout).toContain(["Usage: npm run -s admin --", ...words].join(" "));
      expect(stderr).toBe("");
      expect(status).toBe(0);
    });
  }
});

test.describe("errors are a sentence on standard error, with exit status 1", () => {
  const password = "correct horse battery";
  const user = ["users", "create", "--organization", "org_none", "--password-stdin"];
  for (const { words, input, sentence } of [
    { words: ["nonsense"], sentence: "unknown command 'nonsense'" },
    {
      words: ["organizations", "create", "--id", "org_x"],
      sentence: "required option '--name <name>' not specified",
    },
    {
      words: ["organizations", "create", "--id", "a b", "--name", ""],
      sentence: "--id must be 1 to 128 characters of A-Z a-z 0-9 _ -\n--name must have 1 to 200 characters\n",
    },
    {
      words: ["organizations", "create", "--id", "o", "--name", "x".repeat(201)],
      sentence: "--name must have 1 to 200 characters",
    },
    {
      words: ["api-keys", "create", "--organization", "org_none", "--name", "x"],
      sentence: "Organization org_none not found\n",
    },
    {
      words: ["api-keys", "create", "--organization", "o", "--name", "x".repeat(51)],
      sentence: "--name must have 1 to 50 characters",
    },
    {
      words: ["api-keys", "create", "--organization", "o", "--name", "x", "--expires-in-days", "soon"],
      sentence: "--expires-in-days must be a whole number",
    },
    {
      words: ["api-keys", "create", "--organization", "o", "--name", "x", "--expires-in-days", "0"],
      sentence: "--expires-in-days must be at least 1",
    },
    {
      words: ["api-keys", "create", "--organization", "o", "--name", "x", "--scopes", "read,write"],
      sentence: '--scopes must be one or several of read, manage, dial, separated by commas; got "write"',
    },
    {
      words: ["api-keys", "list", "--organization", "org_none"],
      sentence: "Organization org_none not found\n",
    },
    { words: ["api-keys", "revoke", "--id", "key_none"], sentence: "API key key_none not found\n" },
    {
      words: ["batch-jobs", "import", "--organization", "org_none", "-"],
      sentence: "Organization org_none not found\n",
    },
    { words: ["backup", "/"], sentence: "/ is not a file. Use - for standard output.\n" },
    { words: ["backup", "/absent/file"], sentence: "/absent/file cannot be written: ENOENT" },
    { words: ["restore", "absent"], sentence: "File not found: absent\n" },
    {
      words: ["batch-jobs", "generate", "--organization", "o", "--count", "many"],
      sentence: "--count must be a whole number",
    },
    {
      words: ["batch-jobs", "generate", "--organization", "o", "--count", "1", "--until", "soon"],
      sentence: "--until must be a date like",
    },
    {
      words: [...user, "--email", "nobody", "--role", "owner"],
      input: password,
      sentence: "--email must be an address like name@example.com",
    },
    {
      words: [...user, "--email", "a@example.com", "--role", "king"],
      input: password,
      sentence: "Allowed choices are owner, admin, member.",
    },
    {
      words: [...user, "--email", "a@example.com", "--role", "owner"],
      input: "short\n",
      sentence: "The password must have at least 12 characters",
    },
    {
      words: [...user, "--email", "a@example.com", "--role", "owner"],
      input: "\n",
      sentence: "No password on standard input",
    },
    {
      words: [...user, "--email", "a@example.com", "--role", "owner"],
      input: password,
      sentence: "Organization org_none not found\n",
    },
    {
      words: [
        "users",
        "add",
        "--email",
        "nobody@example.com",
        "--organization",
        "org_none",
        "--role",
        "member",
      ],
      sentence: "Organization org_none not found\n",
    },
    {
      words: ["users", "set-password", "--email", "nobody@example.com", "--password-stdin"],
      input: password,
      sentence: "No user with the email address nobody@example.com\n",
    },
    {
      words: ["users", "set-password", "--email", "nobody@example.com", "--password-stdin"],
      input: "short",
      sentence: "The password must have at least 12 characters",
    },
  ]) {
    test(`${words.join(" ").slice(0, 90)} ${input?.length ?? ""}`, async ({ workshop }) => {
      const { status, stdout, stderr } = await workshop.admin({ DATABASE_URL }, words, input ?? "");
      expect(stderr).toContain(sentence);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toBe("");
      expect(status).toBe(1);
    });
  }

  test("a closed pipe", async ({ workshop }) => {
    const command = [process.execPath, "lib/cli/run.mjs", "admin", "organizations", "list"];
    const running = workshop.start({ DATABASE_URL }, command);
    running.child.stdout?.destroy();
    expect((await running.ended).status).toBe(0);
    expect(running.stderr).toBe("");
  });

  test("a database that does not answer", async ({ workshop }) => {
    const { status, stderr } = await workshop.admin({ DATABASE_URL: "postgresql://nobody@127.0.0.1:1/x" }, [
      "organizations",
      "list",
    ]);
    expect(stderr).toBe("The database is not responding (ECONNREFUSED). Is it running?\n");
    expect(status).toBe(1);
  });
});

test("from an empty database to a response: an organization, an owner, and a key, printed alone", async ({
  workshop,
  request,
}) => {
  const id = uniqueId("org");
  const admin = async (words: string[], input?: string) => {
    const { status, stdout, stderr } = await workshop.admin({ DATABASE_URL }, words, input);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return stdout;
  };
  expect(await admin(["organizations", "create", "--id", id, "--name", "Acme\tInc."])).toBe(`${id}\n`);
  expect(await admin(["organizations", "list"])).toMatch(
    new RegExp(`^id\tname\tcreated\n(.*\n)*${id}\tAcme Inc\\.\t\\d{4}-\\d\\d-\\d\\dT.*Z\n`),
  );
  const again = await workshop.admin({ DATABASE_URL }, [
    "organizations",
    "create",
    "--id",
    id,
    "--name",
    "Acme",
  ]);
  expect(again.stderr).toBe(`An organization with the ID ${id} already exists\n`);
  expect(again.status).toBe(1);

  const email = `${id}@Example.com`;
  const user = [
    "users",
    "create",
    "--email",
    email,
    "--organization",
    id,
    "--role",
    "owner",
    "--name",
    "Ana",
    "--password-stdin",
  ];
  const userId = (await admin(user, "correct horse battery\n")).trim();
  const row = await testDatabase
    .selectFrom("users")
    .innerJoin("memberships", "memberships.user_id", "users.id")
    .select(["users.id", "email", "name", "role", "organization_id", "password_hash"])
    .where("users.id", "=", userId)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ email: email.toLowerCase(), name: "Ana", role: "owner", organization_id: id });
  expect(row.password_hash).toMatch(/^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  const taken = await workshop.admin({ DATABASE_URL }, user, "correct horse battery\n");
  expect(taken.stderr).toBe(`A user with the email address ${email.toLowerCase()} already exists\n`);

  const printed = await admin([
    "api-keys",
    "create",
    "--organization",
    id,
    "--name",
    "CRM",
    "--scopes",
    "dial,read",
    "--expires-in-days",
    "30",
  ]);
  expect(printed).toMatch(/^tk_live_[0-9A-Za-z]{49}\n$/);
  const key = printed.trim();
  const ask = async () =>
    (
      await request.get(`/batch/jobs?organizationId=${id}`, { headers: { Authorization: `Bearer ${key}` } })
    ).status();
  expect(await ask()).toBe(200);

  const [names, listed = ""] = (await admin(["api-keys", "list", "--organization", id])).split("\n");
  expect(names).toBe("id\tname\tkey\tstate\tcreated\texpires\tlast used\tscopes");
  const [keyId = "", ...rest] = listed.split("\t");
  expect(rest.slice(0, 3)).toEqual(["CRM", `${key.slice(0, 12)}…${key.slice(-4)}`, "active"]);
  expect(Date.parse(rest[4] ?? "") - Date.parse(rest[3] ?? "")).toBe(30 * 86_400_000);
  expect(listed).not.toContain(key.slice(12, -4));
  expect(rest.at(-1)).toBe("dial,read");

  expect(await admin(["api-keys", "revoke", "--id", keyId])).toBe("");
  expect(await ask()).toBe(401);
  expect(await admin(["api-keys", "revoke", "--id", keyId]), "revoking again is no error").toBe("");
  expect(await admin(["api-keys", "list", "--organization", id])).toContain("\trevoked\t");
});

test("a person is added to another organization; a new password signs them out", async ({
  workshop,
  playwright,
}) => {
  const [first, second] = [await insertOrganization(), await insertOrganization()];
  const user = await insertUser();
  await insertMembership(first, user.id);
  const admin = (words: string[], input = "") => workshop.admin({ DATABASE_URL }, ["users", ...words], input);
  const request = await playwright.request.newContext({ baseURL: addresses.main });
  await postSignIn(request, user);
  const status = async (path: string) => (await request.get(path, { maxRedirects: 0 })).status();
  expect(await status(`/jobs?organizationId=${second}`)).toBe(404);

  const add = ["add", "--email", user.email.toUpperCase(), "--organization", second, "--role", "member"];
  expect(await admin(add)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  expect(await status(`/jobs?organizationId=${second}`)).toBe(200);
  expect(await admin(add)).toMatchObject({ status: 1, stderr: `${user.email} is already a member\n` });

  const set = ["set-password", "--email", user.email, "--password-stdin"];
  expect(await admin(set, "another horse battery\n")).toMatchObject({ status: 0, stderr: "" });
  expect(await status("/jobs"), "signed out").toBe(307);
  expect((await postSignIn(request, user)).status()).toBe(401);
  expect((await postSignIn(request, { ...user, password: "another horse battery" })).status()).toBe(200);
  await request.dispose();
});

test("keys have the documented format", async ({ org, workshop }) => {
  // The test's own maker of keys and the server's must agree on alphabet, padding and checksum.
  for (let round = 0; round < 20; round++) {
    const key = makeApiKey();
    await insertApiKey(org.id, key);
    expect((await org.get("", { "x-api-key": key, Authorization: `Bearer ${key}` })).status()).toBe(200);
  }
  const { stdout } = await workshop.admin({ DATABASE_URL }, [
    "api-keys",
    "create",
    "--organization",
    org.id,
    "--name",
    "x",
  ]);
  expect(stdout.trim()).toHaveLength(makeApiKey().length);
});

test("two commands at once share the embedded database", async ({ workshop }) => {
  const variables = { DATA_DIR: `${workshop.directory}/data` };
  await workshop.admin(variables, ["organizations", "create", "--id", "org_mine", "--name", "Mine"]);
  const generate = (seed: string, count: string) =>
    workshop.admin(variables, [
      "batch-jobs",
      "generate",
      "--organization",
      "org_mine",
      "--count",
      count,
      "--seed",
      seed,
    ]);
  // The first starts the database; the second finds it, and works on when the first is done.
  const first = generate("1", "40000");
  const file = `${workshop.directory}/data/postgres/postmaster.pid`;
  await expect.poll(() => readFile(file, "utf8").catch(() => ""), { intervals: [50] }).toContain("ready");
  const [one, other] = await Promise.all([first, generate("2", "70000")]);
  expect([one.stderr, other.stderr]).toEqual(["", ""]);
  expect(one.stdout).toBe("inserted 40000, updated 0, unchanged 0\n");
  expect(other.stdout).toBe("inserted 70000, updated 0, unchanged 0\n");
});

test("commands use the embedded database with and without a running server", async ({ workshop }) => {
  const variables = { DATA_DIR: `${workshop.directory}/data`, PORT: "1" };
  const before = await workshop.admin(variables, [
    "organizations",
    "create",
    "--id",
    "org_mine",
    "--name",
    "Mine",
  ]);
  expect(before.stderr).toBe(`Database migrated to ${schemaVersion}.\n`);
  expect(before.status).toBe(0);

  const running = workshop.start({ ...variables, PORT: String(await freePort()) });
  await running.shows("Stop with Ctrl-C");
  expect(running.stdout, "a database in use is not filled with a demo").not.toContain("demo");
  const during = await workshop.admin(variables, ["organizations", "list"]);
  expect(during.stdout).toContain("org_mine\tMine\t");
  running.child.kill("SIGTERM");
  await running.ended;
  expect((await workshop.admin(variables, ["organizations", "list"])).stdout).toBe(during.stdout);
});
