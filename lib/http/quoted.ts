const lengthMax = 64;

const visible = (text: string) =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

/** Quotes a client's text for an error message: truncated, with invisible characters escaped. */
export function quoted(value: string): string {
  return visible(JSON.stringify(value.slice(0, lengthMax).toWellFormed()));
}

/** What a client sent as JSON, for an error message: a text in quotes, and anything else as it was sent. */
export function quotedJson(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quoted(value);
  return visible(JSON.stringify(value).slice(0, lengthMax).toWellFormed());
}
