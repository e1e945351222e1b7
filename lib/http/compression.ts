import { promisify } from "node:util";
import zlib from "node:zlib";
import Negotiator from "negotiator";
import { environment } from "../environment";
import type { Answer } from "./endpoint";

/** Smaller bodies fit into one packet anyway. */
const bytesMin = 1_500;

/** Node has it since 22.15; the types are those of Node 20. */
const { zstdCompress, constants } = zlib as typeof zlib & {
  zstdCompress?: typeof zlib.brotliCompress;
  constants: { ZSTD_c_compressionLevel: number };
};
const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);
const zstd = zstdCompress && promisify(zstdCompress);

/** Enough for a page of the API. With brotli's usual 4 MB, allocating them would double the time. */
const brotliWindowBits = 17;
const brotliParams = {
  [constants.BROTLI_PARAM_QUALITY]: 3,
  [constants.BROTLI_PARAM_LGWIN]: brotliWindowBits,
};

/**
 * The content codings, in the order of preference. At these levels a page of 100 jobs (56 kB) takes 0.15 to 0.3 ms, in
 * another thread, and becomes a sixth or seventh; twice the time would save another tenth.
 */
const codings: Record<string, (body: ArrayBuffer | Uint8Array) => Promise<Buffer<ArrayBuffer>>> = {
  ...(zstd && { zstd: (body) => zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }) }),
  br: (body) => brotli(body, { params: brotliParams }),
  gzip: (body) => gzip(body, { level: 3 }),
};
const names = Object.keys(codings);

/**
 * The coding to send a body in, by the qualities in Accept-Encoding (RFC 9110, section 12.5.3); of equal ones, the
 * preferred. When nothing is acceptable the body is sent as it is, which section 12.1 prefers to a 406.
 *
 * @returns undefined for the body as it is.
 */
function chooseCoding(accepted: string | null, bytes: number): string | undefined {
  if (accepted === null) return undefined;
  // Its types lack the second parameter.
  const negotiator: { encodings(available: string[], options: { preferred: string[] }): string[] } =
    new Negotiator({ headers: { "accept-encoding": accepted } });
  const acceptable = negotiator.encodings([...names, "identity"], { preferred: names });
  const best = bytes < bytesMin && acceptable.includes("identity") ? "identity" : acceptable[0];
  return best === "identity" ? undefined : best;
}

/** Adds Accept-Encoding to Vary. */
function varyByCoding({ headers }: Answer): void {
  const fields = (headers.get("Vary") ?? "").toLowerCase().split(/\s*,\s*/);
  if (!fields.includes("*") && !fields.includes("accept-encoding")) headers.append("Vary", "Accept-Encoding");
}

/** Strong entity tags must differ between codings (RFC 9110, section 8.8.3.3); weak ones need not. */
function tagOf(tag: string, coding: string): string {
  return tag.startsWith("W/") ? tag : tag.replace(/"$/, `-${coding}"`);
}

const codingInTag = new RegExp(`-(?:${names.join("|")})"`, "g");

/**
 * Compresses the response if the client accepts that, the body has 1,500 bytes and a Content-Length, and COMPRESSION is
 * not `off`.
 *
 * A strong ETag then names the coding: `"x"` becomes `"x-gzip"`. `respond` reads such a tag in If-None-Match as `"x"`, so
 * that it need not know of codings; its 304 gets the tag that the client sent.
 */
export async function compressed(request: Request, respond: () => Promise<Answer>): Promise<Answer> {
  if (environment().COMPRESSION === "off") return respond();
  const knownTags = request.headers.get("If-None-Match");
  const withoutCodings = knownTags?.replace(codingInTag, '"');
  if (withoutCodings !== undefined && withoutCodings !== knownTags)
    request.headers.set("If-None-Match", withoutCodings);
  const response = await respond();
  const { status, headers, body } = response;
  if (body === null && status !== 304) return response;
  varyByCoding(response);
  const tag = headers.get("ETag") ?? "";
  const length = headers.get("Content-Length");
  if (status === 304) {
    const sent = names.map((coding) => tagOf(tag, coding)).find((one) => one && knownTags?.includes(one));
    if (sent) headers.set("ETag", sent);
  }
  if (body === null || length === null || headers.has("Content-Encoding")) return response;
  const coding = chooseCoding(request.headers.get("Accept-Encoding"), Number(length));
  const compress = coding && codings[coding];
  if (!compress) return response;
  const encoded = await compress(body instanceof Uint8Array ? body : await new Response(body).arrayBuffer());
  headers.set("Content-Encoding", coding);
  headers.set("Content-Length", String(encoded.byteLength));
  if (tag) headers.set("ETag", tagOf(tag, coding));
  return { body: encoded, status, headers };
}
