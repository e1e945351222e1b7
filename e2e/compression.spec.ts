import zlib from "node:zlib";
import { expect, type Organization, test } from "./fixtures";
import { rawGet, sendBothWays, sendRaw } from "./raw-http";
import { addresses } from "./servers";

// What route handlers answer is compressed for clients that can read that (RFC 9110, section 12.5.3).

const decoders: Record<string, ((body: Buffer) => Buffer) | undefined> = {
  identity: (body) => body,
  gzip: zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  zstd: (zlib as { zstdDecompressSync?: (body: Buffer) => Buffer }).zstdDecompressSync,
};
/** The coding of those that the servers' Node has, in the servers' order of preference. */
const best = decoders.zstd ? "zstd" : "br";

const list = ({ id }: Organization, size: number) => `/batch/jobs?organizationId=${id}&pageSize=${size}`;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

function parse({ status, text }: { status: number; text: string }): Answer {
  const [head = "", body = ""] = text.split(/\r\n\r\n([\s\S]*)/);
  const lines = head.split("\r\n").slice(1);
  const fields = lines.map((line) => line.split(/: (.*)/));
  const headers = Object.fromEntries(fields.map(([name = "", value = ""]) => [name.toLowerCase(), value]));
  return { status, headers, body: Buffer.from(body, "latin1") };
}

/** Asks for a list with these header lines, and without Next and through it. */
async function ask(org: Organization, size: number, ...lines: string[]): Promise<Answer> {
  return parse(await sendBothWays(rawGet(list(org, size), `x-api-key: ${org.key}`, ...lines)));
}

test.beforeEach(async ({ org }) => {
  await org.add(...Array.from({ length: 12 }, () => ({})));
});

/** What a client accepts, and the coding of a list of 5 kB and of an empty one. */
const accepted: [accept: string | undefined, large: string, small?: string][] = [
  [undefined, "identity"],
  ["", "identity"],
  ["gzip", "gzip"],
  ["GZip", "gzip"],
  ["br", "br"],
  ["gzip, deflate, br, zstd", best],
  ["*", best],
  ["gzip;q=0.5, br;q=0.4", "gzip"],
  ["br;q=0.001, gzip;q=1.000", "gzip"],
  ["br;q=0, gzip", "gzip"],
  ["gzip;q=0", "identity"],
  ["*;q=0", "identity"],
  ["gzip;q=0, *", best],
  ["gzip ; q=0.2 , identity ; q=0.5", "identity"],
  ["identity, gzip;q=0.9", "identity"],
  ["identity;q=0, gzip", "gzip", "gzip"],
  ["gzip, *;q=0", "gzip", "gzip"],
  ["identity;q=0", "identity"],
  ["deflate, compress", "identity"],
  ["gzip;q=nonsense", "identity"],
  [`${"x,".repeat(4_000)}gzip`, "gzip"],
];
/** The list's Vary: it is JSON or CSV. */
const ofList = "Accept, Accept-Encoding";

for (const [accept, large, small = "identity"] of accepted) {
  test(`Accept-Encoding: ${accept?.slice(0, 40)} is answered in ${large}, and an empty list in ${small}`, async ({
    org,
  }) => {
    const lines = accept === undefined ? [] : [`Accept-Encoding: ${accept}`];
    const plain = await ask(org, 12);
    expect(plain.body.length).toBeGreaterThan(4_000);
    for (const [answer, coding, original] of [
      [await ask(org, 12, ...lines), large, plain.body],
      [await ask(org, 1, "If-None-Match: x", ...lines), small, (await ask(org, 1)).body],
    ] as const) {
      expect(answer.status).toBe(200);
      expect(answer.headers["content-encoding"] ?? "identity").toBe(coding);
      expect(answer.headers["content-length"]).toBe(String(answer.body.length));
      expect(answer.headers.vary).toBe(ofList);
      expect(decoders[coding]?.(answer.body).toString()).toBe(original.toString());
    }
  });
}

test("HEAD has the headers of GET in every coding, and a compressed page is a fifth of it", async ({
  org,
}) => {
  const plain = await ask(org, 12);
  for (const coding of ["identity", "br", "gzip"]) {
    const get = await ask(org, 12, `Accept-Encoding: ${coding}`);
    const head = await sendBothWays(
      rawGet(list(org, 12), `x-api-key: ${org.key}`, `Accept-Encoding: ${coding}`).replace("GET", "HEAD"),
    );
    const { headers, body } = parse(head);
    for (const { headers: own } of [get, { headers }]) {
      own.date = "";
      own["x-request-id"] = "";
    }
    expect(headers).toEqual(get.headers);
    expect(body).toHaveLength(0);
    if (coding !== "identity") expect(get.body.length).toBeLessThan(plain.body.length / 5);
  }
});

test("Vary has Accept-Encoding on every answer with a body, and is on no other", async ({ org }) => {
  const vary = async (target: string, method = "GET") =>
    parse(await sendBothWays(rawGet(target, `x-api-key: ${org.key}`).replace("GET", method))).headers.vary;
  expect(await vary(list(org, 1))).toBe(ofList);
  for (const target of ["/batch/jobs", "/batch/nothing", "/health/live", "/v1/x", "/live/jobs"]) {
    expect(await vary(target), target).toBe("Accept-Encoding");
  }
  expect(await vary(list(org, 1), "POST")).toBe("Accept-Encoding");
  expect(await vary(list(org, 1), "OPTIONS")).toBeUndefined();
});

test("an ETag differs between codings, and each of them leads to 304", async ({ org }) => {
  const { etag } = (await ask(org, 12)).headers;
  test.skip(etag === undefined, "without ETag");
  for (const coding of ["br", "gzip"]) {
    const accept = `Accept-Encoding: ${coding}`;
    const own = (await ask(org, 12, accept)).headers.etag;
    expect(own).toBe(etag?.replace(/"$/, `-${coding}"`));
    for (const tags of [own, `"x", ${own}`, `W/${own}`, etag]) {
      const { status, headers } = await ask(org, 12, accept, `If-None-Match: ${tags}`);
      expect(status, tags).toBe(304);
      expect(headers.etag).toBe(tags === etag ? etag : own);
      expect(headers.vary).toBe(ofList);
      expect(headers).not.toHaveProperty("content-encoding");
    }
  }
});

test("COMPRESSION=off leaves API and pages to the proxy", async ({ org }) => {
  for (const target of [list(org, 12), "/sign-in"]) {
    const request = rawGet(target, `x-api-key: ${org.key}`, "Accept-Encoding: gzip, br");
    const { status, headers } = parse(await sendRaw(addresses.odd, request));
    expect([200, 307]).toContain(status);
    expect(headers).not.toHaveProperty("content-encoding");
    expect(headers.vary ?? "").not.toContain("Accept-Encoding");
  }
});

test("pages are compressed by Next", async ({ request }) => {
  for (const page of ["/sign-in", "/nothing"]) {
    const response = await request.get(page, { headers: { "Accept-Encoding": "gzip" } });
    expect(response.headers()["content-encoding"], page).toBe("gzip");
    expect(response.headers().vary).toContain("Accept-Encoding");
  }
});
