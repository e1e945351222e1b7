import { HttpError } from "./http-error";
import { quoted } from "./quoted";
import { mediaType, readBody } from "./read-body";

/** The contract's bound of an upload: 10 MB. */
export const uploadBytesMax = 10 * 1_024 * 1_024;
/** The bound of an upload in the words of pages. */
export const uploadSizeMax = "10 MB";
const bytesMax = 64 * 1_024;

/** PostgreSQL parses JSON recursively, and stops with an error at some thousands. */
const depthMax = 32;

const tooLarge = (most: string) =>
  new HttpError(413, "payload_too_large", `The body can have at most ${most}`);
export const invalidBody = (detail: string) => new HttpError(400, "invalid_body", detail);

/**
 * Reads a JSON object.
 *
 * @param options.isOptional whether no body counts as `{}`.
 * @throws HttpError 413 for more than 64 KiB; 400 for anything but a JSON object that every program reads alike: UTF-8,
 *   no name twice in an object, only valid Unicode, and numbers that a double holds (I-JSON, RFC 7493).
 */
export async function readJsonBody(
  request: Request,
  { isOptional = false } = {},
): Promise<Record<string, unknown>> {
  return parseJsonBody(request, await readBody(request, bytesMax, tooLarge("64 KiB")), { isOptional });
}

/**
 * Reads an upload, for parseJsonBody.
 *
 * @throws HttpError 413 for more than 10 MiB.
 */
export function readUpload(request: Request): Promise<Buffer> {
  return readBody(request, uploadBytesMax, tooLarge("10 MiB"));
}

/**
 * The second half of readJsonBody.
 *
 * @param options.otherType what else can be sent, for the error message.
 * @throws HttpError 400 as it does.
 */
export function parseJsonBody(
  request: Request,
  bytes: Buffer,
  { isOptional = false, otherType = "" } = {},
): Record<string, unknown> {
  if (bytes.length === 0 && isOptional) return {};
  const type = mediaType(request);
  if (type !== "application/json") {
    const got = type === "" ? "no Content-Type" : quoted(type);
    throw invalidBody(`Send a JSON object, with Content-Type: application/json${otherType}; got ${got}`);
  }
  const value = parseJson(decodeUtf8(bytes, () => invalidBody("The body is not valid UTF-8")));
  if (!isJsonObject(value)) throw invalidBody("The body must be a JSON object");
  return value;
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws HttpError `invalid` for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Buffer, invalid: () => HttpError): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid();
  }
}

/** The place where JSON.parse failed, if it says so: the rest of its message quotes the text. */
export function placeOf(error: unknown): string {
  return / at position \d+/.exec(String(error))?.[0] ?? "";
}

/** @throws HttpError 400 as readJsonBody. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidBody(`The body is not valid JSON${placeOf(error)}`);
  }
  checkTokens(text);
  return value;
}

const numberToken = /-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const isSpace = (character: string | undefined) => character !== undefined && " \t\n\r".includes(character);

/** Checks what JSON.parse accepts and changes silently. @param text valid JSON. */
function checkTokens(text: string): void {
  // The names of each open object; of an open array, none.
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") {
      open.push(new Set());
      if (open.length > depthMax) {
        throw invalidBody(`The body can have at most ${depthMax} levels of objects and arrays`);
      }
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const string = readString(text.slice(at, end + 1));
      at = end;
      while (isSpace(text[at + 1])) at++;
      if (text[at + 1] !== ":") continue;
      const names = open.at(-1);
      if (names?.has(string)) throw invalidBody(`The field ${quoted(string)} is given twice in one object`);
      names?.add(string);
    } else if (character === "-" || (character !== undefined && character >= "0" && character <= "9")) {
      numberToken.lastIndex = at;
      const [token = "", fraction, exponent] = numberToken.exec(text) ?? [];
      checkNumber(token, fraction === undefined && exponent === undefined);
      at += token.length - 1;
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return end;
  }
}

function readString(token: string): string {
  if (!token.includes("\\")) return token.slice(1, -1);
  const string: string = JSON.parse(token);
  // PostgreSQL stores neither.
  if (string.includes("\0")) throw invalidBody(String.raw`The body must not contain \u0000`);
  if (!string.isWellFormed()) throw invalidBody("The body must not contain half of a surrogate pair");
  return string;
}

function checkNumber(token: string, isInteger: boolean): void {
  const value = Number(token);
  const size = Math.abs(value);
  // PostgreSQL's jsonb writes 1e300 with all of its digits.
  const isShort = value === 0 || (size >= 1e-15 && size < 1e21);
  if (isInteger ? Number.isSafeInteger(value) : isShort) return;
  const problem = size < 1 ? "small" : "large";
  throw invalidBody(`The number ${token.slice(0, 64)} is too ${problem}; send it as a string`);
}
