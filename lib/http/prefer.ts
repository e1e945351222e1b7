/** The header of a response that honors `Prefer: handling=strict` (RFC 7240, section 3). */
export const strictApplied = { "Preference-Applied": "handling=strict" };

const handling = /^\s*handling\s*=\s*("?)(\w+)\1\s*(?:;|$)/i;

/** Whether a request prefers an error over ignored parameters. Of a repeated preference, the first counts. */
export function prefersStrict(headers: Headers): boolean {
  const preferences = headers.get("prefer")?.split(",") ?? [];
  const first = preferences.map((one) => handling.exec(one)).find((match) => match !== null);
  return first?.[2]?.toLowerCase() === "strict";
}
