import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";

// Rules about names, imports and authorization. They look for names in the source's text, because TypeScript 7 has no
// stable API for its parser; rules that a request can show are tested by requests, such as in role-matrix.spec.ts.

const root = path.resolve(import.meta.dirname, "..");

/** Made by tools and people, not part of the source: what .gitignore names. */
const ignored =
  /^(\.git|node_modules|(e2e\/bench\/empty-next\/)?\.next(-.*)?|\.data|\.env.*|next-env\.d\.ts|.*\.tsbuildinfo|.*\.tgz|e2e\/\.output|lib\/client\/(node_modules|dist))(\/|$)/;

function walk(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const place = path.posix.join(folder, entry.name);
    if (ignored.test(place)) return [];
    return entry.isDirectory() ? walk(place) : [place];
  });
}

const files = walk("");
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/** The project's own files that a file imports, from the top: `lib/viewer`. */
function imports(file: string): string[] {
  const named = [...read(file).matchAll(/(?:from|import|require)\s*\(?\s*"((?:@\/|\.)[^"]*)"/g)].map(
    ([, name = ""]) => name,
  );
  return named.map((name) =>
    name.startsWith("@/") ? name.slice(2) : path.posix.join(path.posix.dirname(file), name),
  );
}

/** These files, and those that they import at run time. */
function reachedFrom(roots: string[]): string[] {
  const fileOf = (name: string) => sources.find((file) => file.replace(/\.(tsx?|mjs)$/, "") === name);
  const valueImports = (file: string) =>
    imports(file).filter(
      (name) => !new RegExp(`import type [^;]*${name.split("/").at(-1)}"`).test(read(file)),
    );
  const reached = new Set(roots);
  for (const file of reached) {
    for (const name of valueImports(file)) {
      const next = fileOf(name);
      if (next) reached.add(next);
    }
  }
  return [...reached];
}

function offenders(where: RegExp, isWrong: (file: string, imported: string) => boolean): string[] {
  return sources
    .filter((file) => where.test(file))
    .flatMap((file) =>
      imports(file)
        .filter((name) => isWrong(file, name))
        .map((name) => `${file} imports ${name}`),
    );
}

test.describe("imports go one way: app → lib → db", () => {
  test("db imports neither lib nor app", () => {
    expect(offenders(/^db\//, (_file, name) => !name.startsWith("db/"))).toEqual([]);
  });

  test("lib imports db, but never app", () => {
    expect(offenders(/^lib\//, (_file, name) => !/^(lib|db)\/|^package\.json$/.test(name))).toEqual([]);
  });

  test("app imports lib, but never db", () => {
    expect(offenders(/^app\//, (_file, name) => !/^(app|lib)\//.test(name))).toEqual([]);
  });

  test("e2e imports only schemas of lib and test fixtures of db", () => {
    const allowed =
      /^(e2e\/|lib\/[^/]+\/schema$|lib\/dialer\/client$|lib\/client\/client$|db\/(fixtures|fixtures-postgres|client|schema)$)/;
    expect(offenders(/^e2e\//, (_file, name) => !allowed.test(name))).toEqual([]);
  });

  test("the client imports nothing else of the product, which doesn't import the client", () => {
    expect(offenders(/^lib\/client\//, (_file, name) => !name.startsWith("lib/client/"))).toEqual([]);
    const product = sources.filter((file) => /^(app|lib|db)\/(?!client\/|docs\/examples\/)/.test(file));
    const importers = product.filter(
      (file) =>
        imports(file).some((name) => name.startsWith("lib/client/")) ||
        /"batch-jobs-client"/.test(read(file)),
    );
    expect(importers).toEqual([]);
  });

  test("browser code imports neither the database nor zod", () => {
    const roots = sources.filter((file) => /^"use client"/.test(read(file)));
    expect(roots.length).toBeGreaterThan(5);
    const heavy = reachedFrom(roots).filter((file) =>
      /^db\/|from "(zod|node:|pg|kysely)/m.test(file + read(file)),
    );
    expect(heavy).toEqual([]);
  });

  test("domain folders of lib don't import each other", () => {
    // Of each domain, those that it may use: what it does is made of them.
    const domains: Record<string, string[]> = {
      "api-keys": [],
      "batch-jobs": ["api-keys", "calls", "contacts", "phone-numbers"],
      calls: ["batch-jobs", "contacts", "phone-numbers"],
      contacts: [],
      "phone-numbers": [],
      members: ["organizations"],
      organizations: ["auth"],
      "saved-views": ["batch-jobs"],
      sessions: [],
      users: [],
      invitations: ["auth", "organizations", "sessions", "users"],
      auth: ["sessions", "users"],
    };
    const domainOf = (file: string) =>
      Object.keys(domains).find((domain) => file.startsWith(`lib/${domain}/`)) ?? "";
    const isForeign = (file: string, name: string) => {
      const [own, other] = [domainOf(file), domainOf(name)];
      return own !== "" && other !== "" && own !== other && !domains[own]?.includes(other);
    };
    expect(offenders(/^lib\//, isForeign)).toEqual([]);
  });

  test("the product doesn't import test fixtures", () => {
    expect(
      offenders(/^(app|lib|db)\//, (file, name) => name.includes("fixtures") && !file.includes("fixtures")),
    ).toEqual([]);
  });
});

test.describe("authorization", () => {
  test("a Viewer, Person or Operator is created only in its own file, and nothing is cast to one", () => {
    const makers = sources.filter(
      (file) => !file.startsWith("e2e/") && /new (Viewer|Operator|Person)\(/.test(read(file)),
    );
    expect(makers.sort()).toEqual(["lib/access/operator.ts", "lib/access/person.ts", "lib/access/viewer.ts"]);
    const casts = sources.filter(
      (file) =>
        !file.startsWith("e2e/") && /as (unknown as )?(Viewer|Operator|Person)\b(?!;)/.test(read(file)),
    );
    expect(casts).toEqual([]);
  });

  test("their constructors and fields are private, so that no other object passes for one", () => {
    for (const file of ["lib/access/viewer.ts", "lib/access/operator.ts", "lib/access/person.ts"]) {
      expect(read(file)).toContain("private constructor(");
      expect(read(file)).toMatch(/readonly #\w+/);
    }
  });

  test("casts to any, never and unknown are only in the files listed here", () => {
    const casts = sources.filter(
      (file) => /^(app|lib|db)\//.test(file) && /\bas (never|any|unknown as)\b/.test(read(file)),
    );
    expect(casts).toEqual(["lib/auth/next-auth.ts", "lib/environment.ts", "lib/server/guard.ts"]);
  });

  test("a function that takes an Operator verifies it first or passes it on", () => {
    const takers = sources.filter(
      (file) => file.startsWith("lib/") && /\boperator: Operator\b/.test(read(file)),
    );
    const unproven = takers.filter(
      (file) =>
        !/^lib\/(cli\/|access\/operator\.ts)/.test(file) && !/Operator\.prove\(operator\)/.test(read(file)),
    );
    expect(unproven, "demo.ts hands it on to functions that prove it").toEqual(["lib/demo/demo.ts"]);
  });

  test("an API key's Viewer may only read batch jobs", () => {
    const takers = sources.filter((file) => file.startsWith("lib/") && /\bviewer: Viewer\b/.test(read(file)));
    const open = takers.filter((file) => !/viewer\.require\("\w+"\)/.test(read(file)));
    // What writes batch jobs does so through write.ts, which asks, and so does all that demo.ts calls. Locks, and the steps
    // of calls in change.ts, due.ts, update.ts and cancel.ts of contacts, act for functions that have asked; a viewer of
    // write-endpoint.ts is made for a permission; with-idempotency.ts, run-by-viewer.ts and csv-export.ts run what asks;
    // settle.ts makes its own viewers; preferences.ts writes the person's own; visible.ts and lock.ts of saved-views ask for
    // the rest of their folder.
    expect(open).toEqual([
      "lib/access/run-by-viewer.ts",
      "lib/batch-jobs/generate.ts",
      "lib/batch-jobs/import/import.ts",
      "lib/batch-jobs/jobs-summary.ts",
      "lib/batch-jobs/lock.ts",
      "lib/batch-jobs/search.ts",
      "lib/calls/change.ts",
      "lib/calls/due.ts",
      "lib/calls/settle.ts",
      "lib/calls/update.ts",
      "lib/contacts/cancel.ts",
      "lib/demo/demo.ts",
      "lib/http/csv-export.ts",
      "lib/http/write-endpoint.ts",
      "lib/idempotency/with-idempotency.ts",
      "lib/members/lock.ts",
      "lib/organizations/lock.ts",
      "lib/saved-views/list.ts",
      "lib/saved-views/save.ts",
      "lib/saved-views/update.ts",
      "lib/users/preferences.ts",
    ]);
  });

  test("only the command line and the setup code create an Operator", () => {
    const users = sources.filter(
      (file) => !file.startsWith("e2e/") && /Operator\.atCommandLine\(/.test(read(file)),
    );
    expect(
      users.every((file) => file.startsWith("lib/cli/")),
      users.join(),
    ).toBe(true);
    const setters = sources.filter(
      (file) => !file.startsWith("e2e/") && /Operator\.fromSetupCode\(/.test(read(file)),
    );
    expect(setters).toEqual(["lib/setup/set-up.ts"]);
    const servers = sources.filter(
      (file) => !file.startsWith("e2e/") && /Viewer\.fromServer\(/.test(read(file)),
    );
    expect(servers, "the server acts for itself in one place").toEqual(["lib/calls/settle.ts"]);
    const importers = offenders(
      /^app\//,
      (_file, name) => name.startsWith("lib/operator") || name.startsWith("lib/cli"),
    );
    expect(importers).toEqual([]);
  });

  test("batch jobs are read only through visibleBatchJobs, and their counts only in two files", () => {
    const readersOf = (table: string) =>
      sources.filter(
        (file) =>
          // Migrations make the tables and what keeps them right; they ask for nobody.
          !/^(e2e\/|db\/migrations\/|db\/fixtures)/.test(file) &&
          new RegExp(`(selectFrom|(?<!delete )from|join)\\s*\\(?\\s*["\`]?${table}\\b`, "i").test(
            read(file).replace(/\/\*[\s\S]*?\*\//g, ""),
          ),
      );
    // A visible call is read and locked with its job and contact, which are joined by their keys.
    // The operator's metrics count those of all organizations.
    expect(readersOf("batch_jobs")).toEqual([
      "lib/batch-jobs/visible.ts",
      "lib/calls/call-metrics.ts",
      "lib/calls/visible.ts",
    ]);
    // Beside them only the operator's command, which compares them with the jobs.
    expect(readersOf("batch_job_counts")).toEqual([
      "lib/batch-jobs/check-counts.ts",
      "lib/batch-jobs/counts.ts",
    ]);
    // Deleting names the person, too.
    expect(readersOf("saved_views")).toEqual(["lib/saved-views/delete.ts", "lib/saved-views/visible.ts"]);
    // The first of each is what all others start from.
    const readers: Record<string, string[]> = {
      batch_contacts: ["lib/contacts/visible.ts", "lib/calls/update.ts"],
      // The server looks for ended leases in all organizations, and counts open calls for its metrics.
      batch_calls: ["lib/calls/visible.ts", "lib/calls/call-metrics.ts", "lib/calls/settle.ts"],
    };
    for (const [table, [visible = "", ...others]] of Object.entries(readers)) {
      expect(readersOf(table), table).toEqual([visible, ...others].sort());
      expect(read(visible)).toMatch(
        new RegExp(
          `selectFrom\\("${table}"\\)\\s*\\.where\\("(${table}\\.)?organization_id", "=", scope\\.organizationId\\)`,
        ),
      );
    }
    const visible = read("lib/batch-jobs/visible.ts");
    expect(visible).toMatch(
      /selectFrom\("batch_jobs"\)\s*\.where\("organization_id", "=", scope\.organizationId\)/,
    );
    expect(visible.match(/selectFrom\("batch_jobs"\)/g)).toHaveLength(1);
    const counts = read("lib/batch-jobs/counts.ts");
    expect(counts.match(/batch_job_counts"/g)).toHaveLength(1);
    expect(counts).toMatch(
      /selectFrom\("batch_job_counts"\)\s*\.where\("organization_id", "=", scope\.organizationId\)/,
    );
  });

  test("only viewer.ts creates an OrganizationScope, and the text of a cached statement contains no organization", () => {
    // The text of a cached statement is one for all organizations.
    for (const file of ["page", "counts", "visible", "serialize"]) {
      expect(read(`lib/batch-jobs/${file}.ts`), file).not.toContain("viewer.organizationId");
    }
    const makers = sources.filter(
      (file) => !file.startsWith("e2e/") && /new OrganizationScope\(|as OrganizationScope\b/.test(read(file)),
    );
    expect(makers).toEqual(["lib/access/viewer.ts"]);
    const users = sources.filter((file) => !file.startsWith("e2e/") && /\bbearerScope\b/.test(read(file)));
    expect(users).toEqual(["lib/access/viewer.ts", "lib/api-keys/bearer.ts", "lib/batch-jobs/list.ts"]);
    const ownUsers = sources.filter(
      (file) => !file.startsWith("e2e/") && /\bbearerOwnScope\b/.test(read(file)),
    );
    expect(ownUsers).toEqual(["lib/access/viewer.ts", "lib/batch-jobs/find.ts"]);
    const cachedUsers = sources.filter(
      (file) => !file.startsWith("e2e/") && /\bviewerScope\b/.test(read(file)),
    );
    expect(cachedUsers).not.toEqual([]);
    for (const file of cachedUsers) {
      expect(read(file), `${file} gives it the viewer's organization`).toContain("runByViewer");
    }
  });

  test("a file that imports the database takes a Viewer, a Person or an Operator", () => {
    const exceptions = [
      "lib/server/metrics.ts", // how many connections there are
      "lib/calls/call-metrics.ts", // numbers of all organizations together, for the operator
      "lib/health.ts", // asks for the schema's version, no organization's data
      "lib/database/cached-statement.ts", // runs what others ask
      "lib/database/in-transaction.ts",
      "lib/auth/limit-attempts.ts", // these work before it is proven who asks
      "lib/api-keys/bearer.ts",
      "lib/sessions/session.ts",
      "lib/users/authenticate.ts",
      "lib/invitations/accept.ts", // the bearer of an invitation's link
      "lib/setup/set-up.ts", // makes an Operator of who knows the code
      "lib/access/person.ts", // makes the proof itself
    ];
    const withoutProof = sources
      .filter(
        (file) => file.startsWith("lib/") && imports(file).some((name) => name === "lib/database/database"),
      )
      .filter((file) => !file.startsWith("lib/cli/") && !exceptions.includes(file))
      .filter(
        (file) =>
          !/(viewer: Viewer|scope: OrganizationScope|person: Person|operator: Operator)\b/.test(read(file)),
      );
    expect(withoutProof).toEqual([]);
  });

  test("every page and route handler is listed with who may use it", () => {
    const personForm = "by personFormHandler: a signed-in person, from a page of ours";
    const ownerForm = "by organizationFormHandler: an owner of the organization, from a page of ours";
    const managerForm =
      "by organizationFormHandler: an owner or admin of the organization, from a page of ours";
    const memberForm = "by organizationFormHandler: a person of the organization, from a page of ours";
    const organizationPage = "by renderSettings: a person of the organization";
    const managing = "the bearer of an API key with the scope manage";
    const routes: Record<string, string> = {
      "app/batch/jobs/route.ts": "the bearer of an API key with the scope read",
      "app/batch/create/route.ts": managing,
      "app/batch/jobs/[batchJobId]/route.ts": "the bearer of an API key with the scope read",
      "app/batch/jobs/[batchJobId]/redis-status/route.ts": "the bearer of an API key with the scope read",
      "app/batch/jobs/[batchJobId]/start/route.ts": managing,
      "app/batch/jobs/[batchJobId]/cancel/route.ts": managing,
      "app/batch/jobs/[batchJobId]/reschedule/route.ts": managing,
      "app/batch/calls/claim/route.ts": "by writeEndpoint: an API key that may dial",
      "app/batch/calls/[callId]/dialing/route.ts": "by writeEndpoint: an API key that may dial",
      "app/batch/calls/[callId]/result/route.ts": "by writeEndpoint: an API key that may dial",
      "app/batch/jobs/[batchJobId]/fail/route.ts": "by writeEndpoint: an API key that may dial",
      "app/batch/[[...path]]/route.ts": "anybody: says that there is nothing",
      "app/api/[[...path]]/route.ts": "anybody: says that there is nothing",
      "app/v1/[[...path]]/route.ts": "anybody: says that there is nothing",
      "app/openapi.json/route.ts": "anybody: describes the API",
      "app/docs/route.ts": "anybody: the API's reference",
      "app/docs/[file]/route.ts": "anybody: a script or style of the reference",
      "app/health/live/route.ts": "anybody: says that the process lives",
      "app/health/ready/route.ts": "anybody: says whether it can serve",
      "app/api/auth/[...nextauth]/route.ts": "anybody: signs in and out",
      "app/page.tsx": "anybody: leads to the jobs",
      "app/sign-in/page.tsx": "anybody: the form",
      "app/wrong-address/page.tsx": "anybody: says where this server is",
      "app/setup/page.tsx": "anybody, until there is an owner: the form",
      "app/setup/create/route.ts": "who knows the setup code, until there is an owner",
      "app/jobs/page.tsx": "a signed-in member of the organization",
      "app/jobs/[batchJobId]/page.tsx": "a signed-in member of the organization",
      "app/new-job/page.tsx": organizationPage,
      "app/new-job/create/route.ts": managerForm,
      "app/job-actions/start/route.ts": managerForm,
      "app/job-actions/cancel/route.ts": managerForm,
      "app/job-actions/reschedule/route.ts": managerForm,
      "app/jobs.csv/route.ts": "by csvForPerson: a signed-in member of the organization",
      "app/contacts.csv/route.ts": "by csvForPerson: a signed-in member of the organization",
      "app/live/job/route.ts": "a signed-in member of the organization",
      "app/live/jobs/route.ts": "a signed-in member of the organization",
      "app/live/watched/route.ts": "a signed-in member of the organization",
      "app/organizations/page.tsx": "a signed-in person",
      "app/join/page.tsx": "who has an invitation's link",
      "app/join/accept/route.ts": "who has an invitation's link, from a page of ours",
      "app/settings/page.tsx": "anybody: leads to the account",
      "app/settings/account/page.tsx": "a signed-in person",
      "app/settings/account/rename/route.ts": personForm,
      "app/settings/account/change-password/route.ts": personForm,
      "app/settings/account/end-session/route.ts": personForm,
      "app/settings/account/sign-out-everywhere/route.ts": personForm,
      "app/settings/api-keys/page.tsx": organizationPage,
      "app/settings/api-keys/[apiKeyId]/page.tsx": organizationPage,
      "app/settings/api-keys/create/route.ts": ownerForm,
      "app/settings/api-keys/rename/route.ts": ownerForm,
      "app/settings/api-keys/rotate/route.ts": ownerForm,
      "app/settings/api-keys/revoke/route.ts": ownerForm,
      "app/settings/api-keys/end/route.ts": ownerForm,
      "app/settings/members/page.tsx": organizationPage,
      "app/settings/members/change-role/route.ts": managerForm,
      "app/settings/members/remove/route.ts": managerForm,
      "app/settings/members/leave/route.ts": memberForm,
      "app/settings/members/invite/route.ts": managerForm,
      "app/settings/members/renew-invitation/route.ts": managerForm,
      "app/settings/members/cancel-invitation/route.ts": managerForm,
      "app/settings/phone-numbers/page.tsx": organizationPage,
      "app/settings/phone-numbers/create/route.ts": managerForm,
      "app/settings/phone-numbers/update/route.ts": managerForm,
      "app/settings/phone-numbers/remove/route.ts": managerForm,
      "app/settings/phone-numbers/set-limit/route.ts": managerForm,
      "app/settings/organization/page.tsx": organizationPage,
      "app/settings/organization/rename/route.ts": ownerForm,
      "app/settings/organization/create/route.ts": personForm,
      "app/settings/views/page.tsx": organizationPage,
      "app/settings/views/save/route.ts": memberForm,
      "app/settings/views/update/route.ts": memberForm,
      "app/settings/views/delete/route.ts": memberForm,
      "app/settings/display/page.tsx": "a signed-in person",
      "app/settings/display/save/route.ts": "a signed-in person, from a page of ours",
    };
    const found = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
      .map((file) => `app/${file}`)
      .filter((file) => /\/(route|page|default)\.tsx?$/.test(file));
    expect(found.sort()).toEqual(Object.keys(routes).sort());
    const actions = sources.filter(
      (file) => /^(app|lib)\//.test(file) && /["']use server["']/.test(read(file)),
    );
    expect(actions, "server actions").toEqual([]);
    const asks: [is: RegExp, code: RegExp][] = [
      [
        /^the bearer of .* read$/,
        /(list|find)BatchJobs?ByApiKey\(|Viewer\.fromApiKey\(.*, "readBatchJobs"\)/,
      ],
      [/^the bearer of .* manage$/, /Viewer\.forWrite\(.*, "manageBatchJobs"\)/],
      [/^a signed-in/, /await (signedIn|findPerson)\(/],
      [/^a signed-in member of/, /Viewer\.fromPerson\(person, |findViewer\(person, /],
      [/^by personFormHandler/, /^export const \{.* = personFormHandler\(/m],
      [/^by organizationFormHandler/, /^export const \{.* = organizationFormHandler\(/m],
      [/^by organizationFormHandler: an owner of/, /permission: "manage(Keys|Organization)",/],
      [/^by organizationFormHandler: an owner or/, /permission: "manage(BatchJobs|Members|PhoneNumbers)",/],
      [/^by organizationFormHandler: a person/, /permission: "viewSettings",/],
      [/^by csvForPerson/, /return csvForPerson\(.*\{ authorize, /],
      [/^by renderSettings/, /return renderSettings\(/],
      [/^by writeEndpoint/, /^ {2}POST: writeEndpoint\(/m],
      [/^by writeEndpoint: an API key that may dial/, /permission: "dial",/],
    ];
    for (const route of found) {
      for (const [is, code] of asks)
        if (is.test(routes[route] ?? "")) expect(read(route), route).toMatch(code);
    }
    expect(read("app/csv-for-person.ts")).toMatch(
      /await findPerson\([\s\S]*return Viewer\.fromPerson\(person, /,
    );
    const forms = found.filter((file) => /formEndpoint\(/.test(read(file)) && !file.includes("api/auth"));
    for (const route of [...forms, "app/settings/form-handler.ts"]) {
      expect(read(route), route).toMatch(/\bmustBeSameOrigin\(/);
    }
  });

  test("the API: every route below app/batch is answered without Next, and none asks Next for the request", () => {
    const table = [...read("app/api-routes.ts").matchAll(/"([^"]+)": \(\) => import\("\.([^"]+)\/route"\)/g)];
    const folders = files.flatMap((file) => /^app(\/batch\/.*)\/route\.ts$/.exec(file)?.[1] ?? []);
    expect(table.map(([, pattern]) => pattern).sort()).toEqual(folders.sort());
    for (const [entry, pattern, folder] of table) expect(pattern, entry).toBe(folder);
    const reached = reachedFrom(folders.map((folder) => `app${folder}/route.ts`));
    expect(reached).toContain("lib/batch-jobs/list.ts");
    expect(reached.filter((file) => /(from|import)\s*\(?\s*"next(\/|-auth|")/.test(read(file)))).toEqual([]);
  });
});

test.describe("files and dependencies", () => {
  test("the top level has only the listed files and folders", () => {
    const fixed = [
      "README.md",
      "app",
      "db",
      "e2e",
      "lib",
      "next.config.mjs",
      "package.json",
      "tsconfig.json",
    ];
    const forced = [".ci", ".gitignore", "biome.json", "instrumentation.ts", "package-lock.json"];
    const top = new Set(files.map((file) => file.split("/")[0]));
    expect([...top].sort()).toEqual([...fixed, ...forced].sort());
  });

  test("no file or folder is called utils, helpers, common or the like", () => {
    const drawers = /(^|\/)(utils?|helpers?|common|types|services?|core|index)(\/|\.tsx?$)/;
    expect(sources.filter((file) => drawers.test(file))).toEqual([]);
  });

  test("environment variables are read in one place", () => {
    const readers = sources.filter(
      (file) =>
        /^(app|lib|db)\//.test(file) &&
        /process\.env\b/.test(read(file)) &&
        !/^lib\/cli\/|^db\/fixtures|^app\/docs\/examples\//.test(file),
    );
    // embedded/cluster.ts hands PATH on to PostgreSQL; NEXT_RUNTIME is Next's own.
    expect(readers).toEqual(["db/embedded/cluster.ts", "lib/environment.ts"]);
  });

  test("columns are always named: no select *", () => {
    const whole = sources.filter(
      (file) => /^(app|lib|db)\//.test(file) && /\bselectAll\(|select \* from (?!json)/i.test(read(file)),
    );
    expect(whole).toEqual([]);
  });

  test("npm ci prints no warning on the version of Node that runs the tests", () => {
    const words = ["ci", "--dry-run", "--offline", "--no-audit", "--no-fund"];
    const { status, stderr } = spawnSync("npm", words, { cwd: root, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("versions are pinned, and none is below the first one with its security fixes", () => {
    for (const file of ["package.json", "lib/client/package.json"]) {
      const { dependencies, devDependencies } = JSON.parse(read(file));
      const versions: Record<string, string> = { ...dependencies, ...devDependencies };
      expect(
        Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
      ).toEqual([]);
    }

    const lock: Record<string, { version?: string }> = JSON.parse(read("package-lock.json")).packages;
    const floors: Record<string, string> = {
      next: "16.4.5",
      "next-auth": "4.24.15",
      react: "19.2.6",
      kysely: "0.28.17",
      pg: "8.23.1",
      sharp: "0.35.5",
    };
    const number = (version = "0") =>
      version
        .split(/[.-]/)
        .slice(0, 3)
        .reduce((sum, part) => sum * 10_000 + Number(part), 0);
    for (const [name, floor] of Object.entries(floors)) {
      const found = Object.entries(lock).filter(([place]) => place.endsWith(`node_modules/${name}`));
      for (const [place, { version }] of found) {
        expect(number(version), `${place} ${version}`).toBeGreaterThanOrEqual(number(floor));
      }
    }
  });

  test("install scripts are allowed or refused, so that npm install prints no warning", () => {
    const { allowScripts } = JSON.parse(read("package.json"));
    const lock: Record<string, { hasInstallScript?: boolean }> = JSON.parse(
      read("package-lock.json"),
    ).packages;
    const withScripts = Object.entries(lock).filter(([, one]) => one.hasInstallScript);
    const unlisted = withScripts
      .map(([place]) => place.replace(/^.*node_modules\//, ""))
      .filter((name) => allowScripts[name] === undefined);
    expect(unlisted).toEqual([]);
  });

  test("the lock file has every optional package, also of other platforms", () => {
    // A registry that lacks one lets npm install leave it out in silence; npm ci then refuses the lock file.
    const lock: Record<string, { optionalDependencies?: Record<string, string> }> = JSON.parse(
      read("package-lock.json"),
    ).packages;
    const missing = Object.values(lock)
      .flatMap((one) => Object.keys(one.optionalDependencies ?? {}))
      .filter((name) => lock[`node_modules/${name}`] === undefined);
    expect(missing).toEqual([]);
  });

  test("types and lint are clean", () => {
    test.setTimeout(120_000);
    const run = (program: string, ...words: string[]) => {
      try {
        return execFileSync(path.join(root, "node_modules/.bin", program), words, {
          cwd: root,
          encoding: "utf8",
          stdio: "pipe",
        });
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(stdout + stderr);
      }
    };
    run("tsc", "--noEmit");
    run("biome", "ci", "--error-on-warnings");
  });
});
