import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, makePerson, test } from "./fixtures";
import { rawGet, sendBothWays, sendRaw } from "./raw-http";
import { addresses } from "./servers";

// Invalid queries and odd requests are answered as the contract says, with and without Next.

test.use({ bothWays: true });

const page = { code: "invalid_page", detail: "Invalid page number: must be >= 1" };
const pageSize = { code: "invalid_page_size", detail: "Invalid page size: must be between 1 and 100" };
/** The documented sentence, with what it leaves out: the other bound, and what was given. */
const got = ({ code, detail }: typeof page, given: string) => ({
  code,
  detail: `${detail}${code === "invalid_page" ? " and <= 1000000000" : ""}, in decimal digits; got ${given}`,
});
const organization = (given: string) => ({
  code: "invalid_organization_id",
  detail: `Invalid organizationId: must be given once, 1 to 128 characters of A-Z a-z 0-9 _ -; got ${given}`,
});
/** What a text in an address means, as a message quotes it. */
const quoted = (text: string) =>
  JSON.stringify((new URLSearchParams(`x=${text}`).get("x") ?? "").slice(0, 64));
const status = (value: string) => ({
  code: "invalid_status",
  detail: `Invalid status: ${JSON.stringify(value)} is not one of pending, scheduled, running, completed, failed, cancelled`,
});

const reference = readFileSync(path.resolve(import.meta.dirname, "../app/batch/README.md"), "utf8");

/** What is no number in decimal digits, as a parameter's text. */
const noNumbers = [
  ...["1e3", "1e21", "0x10", "1_000", "%EF%BC%91", "Infinity", "NaN", "null", "undefined"],
  ...["1.5", "1.0", "1,2", "٣"],
  ...["+1", "%201", "1%20", "1%09", "1%0a", "%2B1"],
  ...["", "%00", "1%00", "%FF", "%zz", "%", "%E0%A4%A", "%F0%9F%91%A9"],
  ...["1'--", "1;drop table batch_jobs", "<script>", "$" + "{7*7}", "1%0d%0aSet-Cookie:x"],
];

const refusedQueries: { query: string; expected: { code: string; detail: string } }[] = [
  ...noNumbers.map((text) => ({ query: `&page=${text}`, expected: got(page, quoted(text)) })),
  ...noNumbers.map((text) => ({ query: `&pageSize=${text}`, expected: got(pageSize, quoted(text)) })),
  // What the source documents, to the byte.
  ...["-1", "0", "-5", "00"].flatMap((text) => [
    { query: `&page=${text}`, expected: page },
    { query: `&pageSize=${text}`, expected: pageSize },
  ]),
  { query: "&pageSize=101", expected: pageSize },
  { query: "&pageSize=99999999999999999999", expected: pageSize },
  { query: "&page", expected: got(page, '""') },
  { query: "&pageSize", expected: got(pageSize, '""') },
  { query: "&page=99999999999999999999", expected: got(page, '"99999999999999999999"') },
  { query: "&page=1000000001", expected: got(page, '"1000000001"') },
  { query: "&page=1&page=2", expected: got(page, "it 2 times") },
  { query: "&page=1&page=1&page=1", expected: got(page, "it 3 times") },
  { query: "&pageSize=1&pageSize=1", expected: got(pageSize, "it 2 times") },
  { query: `&pageSize=${"9".repeat(100)}x`, expected: got(pageSize, quoted("9".repeat(64))) },
  { query: "&page=a%E2%80%AEb%C2%9B", expected: got(page, String.raw`"a\u{202e}b\u{9b}"`) },
  { query: "&status=COMPLETED", expected: status("COMPLETED") },
  { query: "&status=Completed", expected: status("Completed") },
  { query: "&status=completed%20", expected: status("completed ") },
  { query: "&status=%EF%BC%A3OMPLETED", expected: status("ＣOMPLETED") },
  { query: "&status=", expected: status("") },
  { query: "&status", expected: status("") },
  { query: "&status=running,", expected: status("") },
  { query: "&status[]=done", expected: status("done") },
  { query: "&status=running&status[0]=done", expected: status("done") },
  { query: "&status=running,done", expected: status("done") },
  { query: "&status=running&status=all", expected: status("all") },
  { query: "&status=%00", expected: status("\0") },
  { query: "&status=__proto__", expected: status("__proto__") },
  { query: "&status=' OR 1=1--", expected: status("' OR 1=1--") },
  { query: `&status=${"x".repeat(5_000)}`, expected: status("x".repeat(64)) },
  // The first parameter in the contract's order speaks.
  { query: "&pageSize=0&page=0&status=x", expected: status("x") },
  { query: "&pageSize=0&page=0", expected: page },
];

/** Wrong values of the parameters that the documented query has not, with a part of the sentence. */
const refusedSearches: Record<string, [code: string, detail: string]> = {
  "&q=": ["invalid_q", 'got ""'],
  "&q=%00": ["invalid_q", "control"],
  "&q=a%0Ab": ["invalid_q", "control"],
  "&q=%CC%81": ["invalid_q", "visible"],
  [`&q=${"x".repeat(201)}`]: ["invalid_q", "1 to 200 characters"],
  "&q=a&q=b": ["invalid_q", "got it 2 times"],
  "&agentId=": ["invalid_agent_id", 'got ""'],
  [`&agentId=${"x".repeat(129)}`]: ["invalid_agent_id", "1 to 128 characters"],
  "&fromPhoneNumberId=%00": ["invalid_from_phone_number_id", "control"],
  "&sort=": ["invalid_sort", 'got ""'],
  "&sort=createdat": ["invalid_sort", "one of createdAt, -createdAt, name,"],
  "&sort=--name": ["invalid_sort", 'got "--name"'],
  "&sort=name,createdAt": ["invalid_sort", 'got "name,createdAt"'],
  "&sort=name&sort=name": ["invalid_sort", "got it 2 times"],
  "&sort=constructor": ["invalid_sort", 'got "constructor"'],
  ...Object.fromEntries(
    ["created", "scheduled", "started", "completed"].flatMap((name): [string, [string, string]][] => [
      [`&${name}From=2025-01-01`, [`invalid_${name}_from`, 'got "2025-01-01"']],
      [`&${name}From=2025-01-01T00:00:00`, [`invalid_${name}_from`, "with its offset"]],
      [`&${name}To=2025-02-30T00:00:00Z`, [`invalid_${name}_to`, "2025-02-30"]],
      [`&${name}To=1969-12-31T23:59:59Z`, [`invalid_${name}_to`, "from 1970 to 9999"]],
      [`&${name}To=infinity`, [`invalid_${name}_to`, "infinity"]],
      [`&${name}To=`, [`invalid_${name}_to`, 'got ""']],
      [
        `&${name}From=2025-01-02T00:00:00Z&${name}To=2025-01-01T00:00:00Z`,
        [`invalid_${name}_to`, `must not be before ${name}From`],
      ],
    ]),
  ),
  "&updatedSince=yesterday": ["invalid_updated_since", "X-Next-Updated-Since"],
  "&updatedSince=0123456789ab-9999999999999999999": ["invalid_updated_since", "got"],
  "&cursor=x": ["invalid_cursor", 'got "x"'],
  "&cursor=&cursor=": ["invalid_cursor", "got it 2 times"],
  "&cursor=&page=2": ["invalid_page", "cannot be combined with cursor"],
  "&sort=name&page=501": ["invalid_page", "first 10000 jobs"],
  "&total=all": ["invalid_total", "one of none"],
  "&include=everything": ["invalid_include", '"everything" is not one of statusCounts, health, updatedAt'],
  "&include=health&include=": ["invalid_include", '"" is not one of'],
  "&format=xml": ["invalid_format", "one of json, csv"],
  "&bom=yes": ["invalid_bom", "one of 0, 1"],
};

test.describe("400: the query", () => {
  for (const [query, [code, detail]] of Object.entries(refusedSearches)) {
    test(`${query.slice(0, 80)} (${query.length}) is ${code}, which the README's table has`, async ({
      org,
    }) => {
      const response = await org.get(query);
      expect([response.status(), await response.json()]).toEqual([
        400,
        { code, detail: expect.stringContaining(detail) },
      ]);
      expect(reference).toMatch(new RegExp(`^\\| 400 .*\`${code}\``, "m"));
    });
  }

  for (const { query, expected } of refusedQueries) {
    test(`${query.slice(0, 60)} (${query.length}) is ${expected.code}`, async ({ org }) => {
      const response = await org.get(query);
      expect(response.status()).toBe(400);
      expect(await response.json()).toEqual(expected);
      expect(response.headers()["content-type"]).toBe("application/json; charset=utf-8");
    });
  }

  const refusedOrganizations = [
    ...[
      "",
      "%00",
      "a%00b",
      "x".repeat(129),
      "x".repeat(10_000),
      "org abc",
      "org.abc",
      "org%2Fabc",
      "*",
      "%25",
    ],
    ...["%7B3f2504e0-4f89-11d3-9a0c-0305e82c3301%7D", "urn:uuid:3f2504e0-4f89-11d3-9a0c-0305e82c3301"],
    ...["' OR 1=1--", "..%2F..%2Fetc%2Fpasswd", "%0d%0aSet-Cookie:x", "<script>", "%EF%BC%AFrg", "a,b"],
  ];
  for (const id of refusedOrganizations) {
    test(`organizationId=${id.slice(0, 60)} (${id.length}) is invalid_organization_id`, async ({
      org,
      request,
    }) => {
      const response = await request.get(`/batch/jobs?organizationId=${id}`, {
        headers: { "x-api-key": org.key },
      });
      expect(response.status()).toBe(400);
      expect(await response.json()).toEqual(organization(quoted(id)));
    });
  }

  test("organizationId twice is invalid, even if both are the key's own", async ({ org }) => {
    const response = await org.get(`&organizationId=${org.id}`);
    expect(response.status()).toBe(400);
    expect(await response.json()).toEqual(organization("it 2 times"));
  });

  const missingOrganizations: Record<string, string> = {
    "": "",
    "?": "",
    "?page=0": "",
    "?id=x&organi=x": "",
    "?organizationid=x": '; got "organizationid": did you mean organizationId?',
    "?limit=5&organization_id=x": '; got "organization_id": did you mean organizationId?',
    "?organisationId=x": '; got "organisationId": did you mean organizationId?',
    "?organizationId[]=x": '; got "organizationId[]": did you mean organizationId?',
  };
  for (const [query, hint] of Object.entries(missingOrganizations)) {
    test(`without organizationId is missing_organization_id: "${query}"`, async ({ org, request }) => {
      const response = await request.get(`/batch/jobs${query}`, { headers: { "x-api-key": org.key } });
      expect(response.status()).toBe(400);
      expect(await response.json()).toEqual({
        code: "missing_organization_id",
        detail: `Missing organizationId: say whose batch jobs to list${hint}`,
      });
    });
  }

  test("with 2,000 unknown parameters is answered quickly", async ({ org }) => {
    const many = Array.from({ length: 2_000 }, (_, at) => `&p${at}`).join("");
    const response = await org.get(`&__proto__=1&constructor=2&hasOwnProperty=3${many}`);
    expect(response.status()).toBe(200);
    expect(response.headers()["x-ignored-parameters"]?.split(", ")).toHaveLength(20);
  });

  test("of more than 16 KiB is refused", async ({ org, request }) => {
    const response = await request.get(`/batch/jobs?organizationId=${"x".repeat(17_000)}`);
    expect(response.status()).toBe(431);
    expect((await org.get()).status()).toBe(200);
  });
});

test.describe("Prefer: handling=strict", () => {
  const known =
    "organizationId, status, page, pageSize, q, agentId, fromPhoneNumberId, createdFrom, createdTo, scheduledFrom, scheduledTo, startedFrom, startedTo, completedFrom, completedTo, updatedSince, sort, cursor, total, include, format, bom";
  const refused: Record<string, string> = {
    "&limit=50": `"limit": there are ${known}`,
    "&state=failed": '"state": did you mean status?',
    "&page_size=5": '"page_size": did you mean pageSize?',
    "&page[]=1": '"page[]": did you mean page?',
    "&Status=failed&page=0": '"Status": did you mean status?',
    [`&${"x".repeat(100)}=1`]: `"${"x".repeat(64)}": there are ${known}`,
    "&constructor=1": `"constructor": there are ${known}`,
  };
  for (const [query, what] of Object.entries(refused)) {
    test(`refuses what would be ignored: ${query.slice(0, 40)}`, async ({ org }) => {
      const response = await org.get(query, { Prefer: "handling=strict" });
      expect(response.status()).toBe(400);
      expect(await response.json()).toEqual({
        code: "unknown_parameter",
        detail: `Unknown parameter ${what}`,
      });
      expect(response.headers()["preference-applied"]).toBe("handling=strict");
    });
  }

  for (const [prefer, isStrict] of [
    ["handling=strict", true],
    ['respond-async, Handling = "STRICT"; x=1', true],
    ["handling=strict, handling=lenient", true],
    ["handling=lenient, handling=strict", false],
    ["handling=lenient", false],
    ["handling", false],
    ['return=minimal; handling=strict, x="handling=strict"', false],
    ["x".repeat(5_000), false],
  ] as const) {
    test(`is understood in ${prefer.slice(0, 60)}: ${isStrict}`, async ({ org }) => {
      const unknown = await org.get("&limit=1", { Prefer: prefer });
      expect(unknown.status()).toBe(isStrict ? 400 : 200);
      expect(unknown.headers()["x-ignored-parameters"]).toBe(isStrict ? undefined : "limit");
      const known = await org.get("&status[]=failed&page=1", { Prefer: prefer });
      expect(known.status()).toBe(200);
      expect(known.headers()["preference-applied"]).toBe(isStrict ? "handling=strict" : undefined);
    });
  }

  test("does not take precedence over authentication", async ({ org }) => {
    expect(
      (await org.get("&limit=1", { Prefer: "handling=strict", Authorization: "Bearer x" })).status(),
    ).toBe(401);
  });
});

test.describe("the order of refusals", () => {
  test("is 401, then 400, then 403", async ({ org, request }) => {
    const ask = async (query: string, key: string) =>
      (await request.get(`/batch/jobs?${query}`, { headers: { "x-api-key": key } })).status();
    expect(await ask("organizationId=org_other&page=0", "nonsense")).toBe(401);
    expect(await ask("organizationId=org_other&page=0", org.key)).toBe(400);
    expect(await ask("organizationId=org_other", org.key)).toBe(403);
  });
});

test.describe("the protocol", () => {
  const key = (org: { key: string }) => `Authorization: Bearer ${org.key}`;

  for (const method of ["TRACE", "QUERY", "PROPFIND", "LOCK", "SEARCH"]) {
    test(`${method} is 405 with Allow and the error body`, async () => {
      const { status, text } = await sendBothWays(rawGet("/batch/jobs").replace("GET", method));
      expect(status).toBe(405);
      expect(text).toContain("Allow: GET, HEAD, OPTIONS");
      expect(text).toContain(
        `{"detail":"Method ${method} is not allowed; use GET, HEAD, OPTIONS","code":"method_not_allowed"}`,
      );
    });
  }

  for (const { name, request, expected } of [
    { name: "an unknown method", request: rawGet("/batch/jobs").replace("GET", "FOO"), expected: 400 },
    { name: "no Host", request: "GET /batch/jobs HTTP/1.1\r\nConnection: close\r\n\r\n", expected: 400 },
    { name: "NUL in a header", request: rawGet("/batch/jobs", "Authorization: Bearer \0"), expected: 400 },
    {
      name: "a header of 17 KiB",
      request: rawGet("/batch/jobs", `Authorization: ${"x".repeat(17_000)}`),
      expected: 431,
    },
    {
      name: "Content-Length and Transfer-Encoding at once",
      request: rawGet("/batch/jobs", "Content-Length: 3", "Transfer-Encoding: chunked"),
      expected: 400,
    },
    { name: "Expect: x", request: rawGet("/batch/jobs", "Expect: x"), expected: 417 },
    { name: "CONNECT", request: rawGet("evil.example:80").replace("GET", "CONNECT"), expected: 0 },
  ]) {
    test(`${name} is ${expected || "closed without an answer"}`, async () => {
      expect((await sendBothWays(request)).status).toBe(expected);
    });
  }

  const withHost = (host: string) => rawGet("/batch/jobs").replace("Host: localhost", `Host: ${host}`);
  const post = (target: string, ...headers: string[]) =>
    rawGet(target, "Content-Length: 0", ...headers).replace("GET", "POST");
  const multipart = "Content-Type: multipart/form-data; boundary=x";
  for (const { name, request, status, code } of [
    { name: "GET *", request: rawGet("*"), status: 400, code: "invalid_target" },
    {
      name: "OPTIONS *",
      request: rawGet("*").replace("GET", "OPTIONS"),
      status: 400,
      code: "invalid_target",
    },
    {
      name: "an absolute target of another host",
      request: rawGet("http://evil.example/batch/jobs"),
      status: 400,
      code: "invalid_target",
    },
    {
      name: "an absolute target of another host that Host names, too",
      request: rawGet("http://evil.example/").replace("localhost", "evil.example"),
      status: 400,
      code: "invalid_target",
    },
    {
      name: "a path that is no percent-encoding",
      request: rawGet("/batch/jobs%"),
      status: 400,
      code: "invalid_target",
    },
    { name: "a path that is no UTF-8", request: rawGet("/batch/%ff"), status: 400, code: "invalid_target" },
    ...["a b", "[", "[::1", "a/b", "user@localhost", "localhost:x", "localhost:99999", "", "%00", "\xe4"].map(
      (host) => ({ name: `Host: ${host}`, request: withHost(host), status: 400, code: "invalid_host" }),
    ),
    ...["localhost", "evil.example"].map((host) => ({
      name: `a second Host line with ${host}`,
      request: rawGet("/batch/jobs", `host: ${host}`),
      status: 400,
      code: "invalid_host",
    })),
    {
      name: "a second Authorization line",
      request: rawGet("/batch/jobs", "Authorization: Bearer a", "authorization: Bearer a"),
      status: 400,
      code: "repeated_authorization",
    },
    {
      name: "1,001 header lines, the last of them the key",
      request: rawGet("/batch/jobs", ...Array.from({ length: 998 }, () => "a: b"), "Authorization: Bearer x"),
      status: 431,
      code: "too_many_headers",
    },
    {
      name: "a router state that is none",
      request: rawGet("/jobs", "Next-Router-State-Tree: x"),
      status: 400,
      code: "invalid_router_state",
    },
    { name: "a server action", request: post("/jobs", "Next-Action: x"), status: 404, code: "not_found" },
    {
      name: "multipart on a page",
      request: post("/jobs", multipart),
      status: 415,
      code: "unsupported_body",
    },
    ...["/batch/jobs", "/health/live", "/health/ready"].map((target) => ({
      name: `multipart on ${target}`,
      request: post(target, multipart),
      status: 405,
      code: "method_not_allowed",
    })),
    ...["/batch/jobs", "/health/live", "/health/ready"].map((target) => ({
      name: `POST ${target}`,
      request: post(target),
      status: 405,
      code: "method_not_allowed",
    })),
  ]) {
    test(`${name} is ${status} ${code}, which the API reference has`, async () => {
      const { status: found, text } = await sendBothWays(request);
      expect(found, text).toBe(status);
      const [head = "", body = ""] = text.split("\r\n\r\n");
      expect(body).toMatch(new RegExp(`^\\{"detail":".+","code":"${code}"\\}$`));
      expect(head.toLowerCase()).toContain(`content-length: ${Buffer.byteLength(body, "latin1")}`);
      if (status === 405) expect(head).toMatch(/^allow: GET, HEAD, OPTIONS\r?$/im);
      expect(reference).toMatch(new RegExp(`^\\| ${status} .*\`${code}\``, "m"));
    });
  }

  test("an absolute request target of this server is served, whatever Host says", async ({ org }) => {
    const list = `/batch/jobs?organizationId=${org.id}`;
    const { host, port } = new URL(addresses.main);
    for (const own of [`http://${host}`, `HTTPS://${host.toUpperCase()}`, `http://127.0.0.1:${port}`]) {
      const { status, text } = await sendRaw(addresses.main, rawGet(`${own}${list}`, key(org)));
      expect(status, own).toBe(200);
      expect(text).toContain('"total":0');
    }
    const root = await sendRaw(addresses.main, rawGet(`http://${host}?organizationId=${org.id}`));
    expect(root.status).toBe(307);
  });

  test("multipart as the type of a GET changes nothing", async ({ org }) => {
    const request = rawGet(`/batch/jobs?organizationId=${org.id}`, key(org), multipart);
    expect((await sendBothWays(request)).status).toBe(200);
  });

  test("OPTIONS returns the methods of pages, forms and endpoints", async ({ request }) => {
    for (const [address, allowed] of [
      ...["/", "/sign-in", "/jobs", "/settings/account", "/settings/api-keys/key_1", "/join"].map((page) => [
        page,
        "GET, HEAD, OPTIONS",
      ]),
      ["/settings/account/rename", "POST, OPTIONS"],
      ["/health/live", "GET, HEAD, OPTIONS"],
      ["/batch/jobs", "GET, HEAD, OPTIONS"],
    ] as const) {
      const response = await request.fetch(address, { method: "OPTIONS" });
      expect(response.status(), address).toBe(204);
      expect(response.headers().allow, address).toBe(allowed);
    }
  });

  test("Content-Length is set on responses of known length, also for HEAD", async ({ org }) => {
    const list = `/batch/jobs?organizationId=${org.id}`;
    const of = async (method: string, target: string, ...headers: string[]) => {
      const { text } = await sendRaw(addresses.main, rawGet(target, ...headers).replace("GET", method));
      const [head = "", body = ""] = text.split("\r\n\r\n");
      const length = /^content-length: (\d+)\r?$/im.exec(head)?.[1];
      return { length: length && Number(length), size: Buffer.byteLength(body, "latin1") };
    };
    const answer = await of("GET", list, key(org));
    expect(answer).toEqual({ length: answer.size, size: expect.any(Number) });
    expect(await of("HEAD", list, key(org))).toEqual({ length: answer.size, size: 0 });
    for (const target of [list, "/batch/nothing", "/health/live", "/health/ready", "/api/auth/csrf"]) {
      const found = await of("GET", target);
      expect(found, target).toEqual({ length: found.size, size: expect.any(Number) });
    }
    expect(await of("OPTIONS", "/batch/jobs"), "a 204 has none").toEqual({ length: undefined, size: 0 });
    const form = ["Content-Type: application/x-www-form-urlencoded", `Origin: ${addresses.main}`];
    expect(await of("POST", "/settings/account/rename", ...form)).toEqual({ length: 0, size: 0 });
  });

  test("internal headers of Next and its platforms change no response", async ({ request }) => {
    await makePerson(); // without anybody, /sign-in leads to /setup
    const names = [
      ...[
        "prefetch",
        "rewrite",
        "redirect",
        "skip",
        "next",
        "override-headers",
        "request-x",
        "set-cookie",
      ].map((one) => `x-middleware-${one}`),
      ...["x-middleware-subrequest", "x-middleware-invoke", "x-middleware-cache", "x-middleware-refresh"],
      ...["data", "cache", "matched-path", "rewrite", "redirect", "postponed", "prerender", "request-id"].map(
        (one) => `x-nextjs-${one}`,
      ),
      ...["x-next-resume-state-length", "x-next-cache-tags", "x-next-revalidated-tags", "next-resume"],
      ...["x-next-revalidate-tag-token", "x-prerender-revalidate", "x-prerender-revalidate-if-generated"],
      ...["x-now-route-matches", "x-matched-path", "x-invoke-path", "x-invoke-status", "x-invoke-output"],
      ...["x-invoke-error", "x-invoke-query", "x-invocation-id", "x-action-forwarded", "x-action-redirect"],
      ...["x-action-revalidated", "x-edge-runtime", "x-vercel-cache", "x-vercel-protection-bypass"],
      "next-hmr-refresh",
    ];
    for (const [method, address] of [
      ["GET", "/batch/jobs"],
      ["POST", "/batch/jobs"],
      ["GET", "/sign-in"],
      ["POST", "/jobs"],
      ["GET", "/nothing"],
    ] as const) {
      const answerTo = async (headers: Record<string, string>) => {
        const response = await request.fetch(address, { method, headers, maxRedirects: 0 });
        const [, nonce = "none"] =
          /nonce-(\w+)/.exec(response.headers()["content-security-policy"] ?? "") ?? [];
        return { status: response.status(), body: (await response.text()).replaceAll(nonce, "") };
      };
      const without = await answerTo({});
      for (const name of names) {
        expect(await answerTo({ [name]: "1" }), `${method} ${address} with ${name}`).toEqual(without);
      }
    }
  });

  test("Upgrade is ignored", async ({ org }) => {
    await makePerson();
    const offers = [
      ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"],
      ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw=="],
    ];
    const list = `/batch/jobs?organizationId=${org.id}`;
    const paths = [list, "/batch/nothing", "/", "/sign-in", "/nothing", "/_next/hmr", "/api/nothing"];
    for (const target of [...paths, "/health/live"]) {
      // The first time a server renders a page, it has another Link header.
      await sendRaw(addresses.main, rawGet(target, key(org)));
      const { status, text } = await sendRaw(addresses.main, rawGet(target, key(org)));
      for (const offer of offers) {
        const request = rawGet(target, key(org), ...offer).replace("close", "close, Upgrade");
        const answer = await sendRaw(addresses.main, request);
        expect(answer.status, `${target} ${offer[0]}`).toBe(status);
        expect(answer.text.length).toBe(text.length);
      }
    }
  });

  for (const target of [
    "//batch/jobs",
    "/batch//jobs",
    "/batch/jobs/",
    "//evil.example/",
    "/\\evil.example",
    "/%5cevil.example",
  ]) {
    test(`${target} redirects to no other origin`, async () => {
      const { status, text } = await sendBothWays(rawGet(target));
      expect([308, 400, 404]).toContain(status);
      const location = /^location: (.*)\r$/im.exec(text)?.[1] ?? "/";
      expect(location).toMatch(/^\/(?![/\\])/);
    });
  }

  test("Accept, Range, conditional headers and a body do not change the response", async ({ org }) => {
    await org.add({});
    const expected = await (await org.get()).text();
    const requests: Record<string, string>[] = [
      { Accept: "text/html" },
      { Accept: "*/*;q=0" },
      { Range: "bytes=0-1" },
      { "If-None-Match": "x" },
      { "If-Modified-Since": new Date(Date.now() + 60_000).toUTCString() },
      { RSC: "1", "Next-Router-Prefetch": "1" },
      { "x-forwarded-host": "evil.example" },
    ];
    for (const headers of requests) {
      const response = await org.get("", headers);
      expect(response.status(), JSON.stringify(headers)).toBe(200);
      expect(await response.text(), JSON.stringify(headers)).toBe(expected);
      expect(response.headers()["content-type"]).toBe("application/json; charset=utf-8");
    }
    const body = rawGet(`/batch/jobs?organizationId=${org.id}`, key(org), "Content-Length: 5").concat(
      "hello",
    );
    expect((await sendRaw(addresses.main, body)).status).toBe(200);
  });

  for (const [address, shown] of [
    ["/batch/jobs/batch_xyz789/nothing"],
    ["/batch/nothing"],
    ["/batch"],
    ["/v1/batch/jobs?organizationId=x", "/v1/batch/jobs"],
    ["/v1"],
    ["/api/v2/jobs"],
    ["/api"],
    [`/api/%22%3Cscript%3E${"x".repeat(200)}`, `/api/%22%3Cscript%3E${"x".repeat(44)}`],
  ] as [string, string?][]) {
    test(`${address.slice(0, 40)} is a JSON 404 that mentions endpoints`, async ({ request }) => {
      for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
        const response = await request.fetch(address, { method });
        expect(response.status()).toBe(404);
        expect(response.headers()["content-type"]).toBe("application/json; charset=utf-8");
        expect(response.headers()["content-security-policy"]).toContain("default-src 'none'");
        expect(await response.json()).toEqual({
          code: "not_found",
          detail: `There is no endpoint at "${shown ?? address}". The endpoints include GET /batch/jobs and POST /batch/create`,
        });
      }
    });
  }
});
