const lengthMax = 64;

/** Quotes a client's value for an error message: truncated, with invisible characters escaped. */
export function quoted(value: string): string {
  return JSON.stringify(value.slice(0, lengthMax).toWellFormed()).replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
