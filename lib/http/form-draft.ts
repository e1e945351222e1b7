import { deflateRawSync, inflateRawSync } from "node:zlib";
import { cookieValueMax, setCookie } from "./set-cookie";

/** Holds the fields of a rejected form, and what is wrong with them, for the page that shows the form again. */
export const draftCookie = "batch-jobs.form";

const bytesMax = 64 * 1_024;
/** Longer texts rarely fit into a cookie, and an upload's fields can have megabytes, which take seconds to compress. */
const fieldLengthMax = 4_096;
const lifetimeSeconds = 60;

/** What was typed into a form, and the problems of its fields. */
export interface Draft {
  fields: Record<string, string>;
  problems: Record<string, string>;
}

const empty: Draft = { fields: {}, problems: {} };

const pathOf = (page: string) => page.split("?", 1)[0] ?? "/";

/**
 * The `Set-Cookie` that saves the named fields of a form for the page at `path`, and the form's organization only. Of
 * a form that does not fit into a cookie, the longest fields are left out.
 *
 * @param problems by the names of the fields.
 */
export function saveDraft(
  form: Record<string, string>,
  names: string[],
  path: string,
  problems: Record<string, string> = {},
): string {
  const fields = names.flatMap((name) => {
    const text = form[name] ?? "";
    return text !== "" && text.length <= fieldLengthMax ? [[name, text] as const] : [];
  });
  fields.sort(([, a], [, b]) => a.length - b.length);
  for (;;) {
    const draft = JSON.stringify([form.organizationId ?? "", Object.fromEntries(fields), problems]);
    const value = deflateRawSync(draft).toString("base64url");
    if (value.length <= cookieValueMax) return setCookie(draftCookie, value, pathOf(path), lifetimeSeconds);
    if (!fields.pop()) return setCookie(draftCookie, "", pathOf(path), lifetimeSeconds);
  }
}

export function clearDraft(path: string): string {
  return setCookie(draftCookie, "", pathOf(path), 0);
}

/**
 * Reads a draft; empty when there is none, or its cookie is not one that we wrote.
 *
 * @param organizationId of the page, which shows no draft of another organization.
 */
export function parseDraft(cookie: string | undefined, organizationId: string | undefined): Draft {
  try {
    const bytes = inflateRawSync(Buffer.from(cookie ?? "", "base64url"), { maxOutputLength: bytesMax });
    const draft: unknown = JSON.parse(bytes.toString("utf8"));
    if (!Array.isArray(draft)) return empty;
    const [of, fields, problems] = draft;
    if (organizationId !== undefined && of !== organizationId) return empty;
    return { fields: textsOf(fields), problems: textsOf(problems) };
  } catch {
    return empty;
  }
}

const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, text]) => typeof text === "string"));
