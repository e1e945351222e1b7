import { expect, test } from "./fixtures";
import { rawGet, sendRaw } from "./raw-http";
import { addresses } from "./servers";

// Query input and protocol: cases T01 to T33 of ../shared/reliability.md, answered as the contract says.

const page = { code: "invalid_page", detail: "Invalid page number: must be >= 1" };
const pageSize = { code: "invalid_page_size", detail: "Invalid page size: must be between 1 and 100" };
const organization = {
  code: "invalid_organization_id",
  detail: "Invalid organizationId: must be given once, 1 to 128 characters of A-Z a-z 0-9 _ -",
};
const status = (value: string) => ({
  code: "invalid_status",
  detail: `Invalid status: ${JSON.stringify(value)} is not one of pending, scheduled, running, completed, failed, cancelled`,
});

/** What is no number in decimal digits, as a parameter's text. */
const noNumbers = [
  ...["1e3", "1e21", "0x10", "1_000", "%EF%BC%91", "Infinity", "NaN", "null", "undefined"], // T03
  ...["-1", "0", "-5", "00", "1.5", "1.0", "1,2", "٣"], // T04, T05
  ...["+1", "%201", "1%20", "1%09", "1%0a", "%2B1"], // T06
  ...["", "%00", "1%00", "%FF", "%zz", "%", "%E0%A4%A", "%F0%9F%91%A9"], // T07, T11, T12, T13
  ...["1'--", "1;drop table batch_jobs", "<script>", "$" + "{7*7}", "1%0d%0aSet-Cookie:x"], // T19
];

const refusedQueries: { query: string; expected: { code: string; detail: string } }[] = [
  ...noNumbers.map((text) => ({ query: `&page=${text}`, expected: page })),
  ...noNumbers.map((text) => ({ query: `&pageSize=${text}`, expected: pageSize })),
  { query: "&page", expected: page },
  { query: "&pageSize", expected: pageSize },
  { query: "&page=99999999999999999999", expected: page }, // T02
  { query: "&page=1000000001", expected: page },
  { query: "&pageSize=101", expected: pageSize },
  { query: "&pageSize=99999999999999999999", expected: pageSize },
  { query: "&page=1&page=2", expected: page }, // T08
  { query: "&page=1&page=1", expected: page },
  { query: "&pageSize=1&pageSize=1", expected: pageSize },
  { query: "&status=COMPLETED", expected: status("COMPLETED") }, // T14
  { query: "&status=Completed", expected: status("Completed") },
  { query: "&status=completed%20", expected: status("completed ") },
  { query: "&status=%EF%BC%A3OMPLETED", expected: status("ＣOMPLETED") },
  { query: "&status=", expected: status("") },
  { query: "&status", expected: status("") },
  { query: "&status=running,", expected: status("") },
  { query: "&status=running,done", expected: status("done") },
  { query: "&status=running&status=all", expected: status("all") },
  { query: "&status=%00", expected: status("\0") }, // T11
  { query: "&status=__proto__", expected: status("__proto__") },
  { query: "&status=' OR 1=1--", expected: status("' OR 1=1--") },
  { query: `&status=${"x".repeat(5_000)}`, expected: status("x".repeat(64)) },
  // The first parameter in the contract's order speaks.
  { query: "&pageSize=0&page=0&status=x", expected: status("x") },
  { query: "&pageSize=0&page=0", expected: page },
];

test.describe("400: the query", () => {
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
    ], // T11, T15
    ...["%7B3f2504e0-4f89-11d3-9a0c-0305e82c3301%7D", "urn:uuid:3f2504e0-4f89-11d3-9a0c-0305e82c3301"], // T18
    ...["' OR 1=1--", "..%2F..%2Fetc%2Fpasswd", "%0d%0aSet-Cookie:x", "<script>", "%EF%BC%AFrg", "a,b"], // T19, T37
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
      expect(await response.json()).toEqual(organization);
    });
  }

  test("organizationId twice is invalid, even when both are one's own (T37)", async ({ org }) => {
    const response = await org.get(`&organizationId=${org.id}`);
    expect(response.status()).toBe(400);
    expect(await response.json()).toEqual(organization);
  });

  test("without organizationId is missing_organization_id", async ({ org, request }) => {
    for (const query of ["", "?", "?page=0", "?organizationid=x", "?organizationId[]=x"]) {
      const response = await request.get(`/batch/jobs${query}`, { headers: { "x-api-key": org.key } });
      expect(response.status()).toBe(400);
      expect(await response.json()).toEqual({
        code: "missing_organization_id",
        detail: "Missing organizationId: say whose batch jobs to list",
      });
    }
  });

  test("of 2,000 unknown parameters is answered, and quickly named (T10, T17)", async ({ org }) => {
    const many = Array.from({ length: 2_000 }, (_, at) => `&p${at}`).join("");
    const response = await org.get(`&__proto__=1&constructor=2&hasOwnProperty=3${many}`);
    expect(response.status()).toBe(200);
    expect(response.headers()["x-ignored-parameters"]?.split(", ")).toHaveLength(20);
  });

  test("of more than 16 KiB is refused by the server, which lives on (T16)", async ({ org, request }) => {
    const response = await request.get(`/batch/jobs?organizationId=${"x".repeat(17_000)}`);
    expect(response.status()).toBe(431);
    expect((await org.get()).status()).toBe(200);
  });
});

test.describe("the order of refusals", () => {
  test("is who, then what, then whose: 401 before 400 before 403", async ({ org, request }) => {
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
    test(`${method} is 405 with Allow and the error body (T23)`, async () => {
      const { status, text } = await sendRaw(addresses.main, rawGet("/batch/jobs").replace("GET", method));
      expect(status).toBe(405);
      expect(text).toContain("Allow: GET, HEAD, OPTIONS");
      expect(text).toContain(`{"detail":"Method ${method} is not allowed here","code":"method_not_allowed"}`);
    });
  }

  for (const { name, request, expected } of [
    { name: "an unknown method", request: rawGet("/batch/jobs").replace("GET", "FOO"), expected: 400 },
    { name: "GET *", request: rawGet("*"), expected: 400 },
    { name: "OPTIONS *", request: rawGet("*").replace("GET", "OPTIONS"), expected: 400 },
    { name: "an absolute target", request: rawGet("http://evil.example/batch/jobs"), expected: 400 },
    { name: "a path that is no percent-encoding", request: rawGet("/batch/jobs%"), expected: 400 },
    { name: "a path that is no UTF-8", request: rawGet("/batch/%ff"), expected: 400 },
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
    test(`${name} is ${expected || "closed without an answer"} (T23, T25, T26, T32)`, async () => {
      expect((await sendRaw(addresses.main, request)).status).toBe(expected);
    });
  }

  for (const target of [
    "//batch/jobs",
    "/batch//jobs",
    "/batch/jobs/",
    "//evil.example/",
    "/\\evil.example",
    "/%5cevil.example",
  ]) {
    test(`${target} leads to no other origin (T25)`, async () => {
      const { status, text } = await sendRaw(addresses.main, rawGet(target));
      expect([308, 400, 404]).toContain(status);
      const location = /^location: (.*)\r$/im.exec(text)?.[1] ?? "/";
      expect(location).toMatch(/^\/(?![/\\])/);
    });
  }

  test("an Authorization header twice is refused, not read one way or the other (T26)", async ({ org }) => {
    const target = `/batch/jobs?organizationId=${org.id}`;
    const { status, text } = await sendRaw(
      addresses.main,
      rawGet(target, key(org), "authorization: Bearer other"),
    );
    expect(status).toBe(400);
    expect(text).toContain('"code":"repeated_authorization"');
  });

  test("Accept, Accept-Encoding, Range, conditions and a body do not change the answer (T30, T31)", async ({
    org,
  }) => {
    await org.add({});
    const expected = await (await org.get()).text();
    const requests: Record<string, string>[] = [
      { Accept: "text/html" },
      { Accept: "*/*;q=0" },
      { Range: "bytes=0-1" },
      { "If-None-Match": "*" },
      { "If-Modified-Since": new Date(Date.now() + 60_000).toUTCString() },
      { RSC: "1", "Next-Router-Prefetch": "1" },
      { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
      { "x-forwarded-host": "evil.example", "x-matched-path": "/", "x-invoke-path": "/health/live" },
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

  test("is compressed where the client can read that, and says so (T31)", async ({ org }) => {
    await org.add(...Array.from({ length: 20 }, () => ({})));
    const { text } = await sendRaw(
      addresses.main,
      rawGet(`/batch/jobs?organizationId=${org.id}`, key(org), "Accept-Encoding: gzip"),
    );
    expect(text).toMatch(/content-encoding: gzip/i);
    expect(text).toMatch(/vary: .*accept-encoding/i);
  });

  test("other addresses below /batch are 404 for programs, not a page", async ({ request }) => {
    for (const address of ["/batch/jobs/batch_xyz789", "/batch/nothing"]) {
      const response = await request.get(address);
      expect(response.status()).toBe(404);
      expect(await response.json()).toMatchObject({ code: "not_found" });
    }
  });
});
