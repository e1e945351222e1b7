/** Longer values are cut here: a sentence that names one stays a sentence. */
const lengthMax = 64;

/** A value that a client sent, for a sentence about it: cut off, in quotes, and without characters that do not show. */
export function quoted(value: string): string {
  return JSON.stringify(value.slice(0, lengthMax).toWellFormed()).replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
