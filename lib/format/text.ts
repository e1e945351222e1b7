import { z } from "zod";

/** What identifiers of organizations and batch jobs look like; in db/migrations the same. */
export const identifierPattern = /^[A-Za-z0-9_-]{1,128}$/;

export const identifier = z
  .string()
  .regex(identifierPattern, "must be 1 to 128 characters of A-Z a-z 0-9 _ -");

/** Control characters (Unicode category Cc), such as those of a terminal's escape sequences. */
const control = /\p{Cc}/u;
/** The same without tab, line feed and carriage return. */
const controlInLines = /(?![\t\n\r])\p{Cc}/u;
/** Code points that Unicode has not assigned, but not those that it reserves for emoji: newer ones than this Node.js knows. */
const unassigned = /(?!\p{Extended_Pictographic})\p{Cn}/u;
/** A character that can be seen. Not: spaces, zero-width and bidirectional controls, fillers, combining marks alone. */
const visible =
  /\p{Extended_Pictographic}|[^\p{Cc}\p{Cf}\p{Cn}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

const codePoint = (character = "") =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/**
 * Text that can be stored and shown anywhere, `min` to `max` characters (Unicode code points). Refused are broken
 * Unicode, control characters, unassigned code points, and text in which nothing is visible.
 *
 * @param options.lines whether tabs and line ends are allowed.
 */
export function text(min: number, max: number, { lines = false } = {}) {
  return z.string().superRefine((value, context) => {
    const problem = problemIn(value, { min, max, lines });
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });
}

function problemIn(
  value: string,
  { min, max, lines }: { min: number; max: number; lines: boolean },
): string | undefined {
  if (!value.isWellFormed()) return "must not contain broken Unicode (half of a surrogate pair)";
  const { length } = [...value];
  if (length < min || length > max) return `must have ${min} to ${max} characters`;
  const [found] = (lines ? controlInLines : control).exec(value) ?? [];
  if (found !== undefined) return `must not contain control characters: it has ${codePoint(found)}`;
  const [unknown] = unassigned.exec(value) ?? [];
  if (unknown !== undefined) return `must not contain unassigned code points: it has ${codePoint(unknown)}`;
  // An optional text may be blank.
  const isBlank = min === 0 && value.trim() === "";
  return isBlank || visible.test(value) ? undefined : "must contain a visible character";
}

/** A single-line name that a person types: trimmed, and with one space between words, as pages show it. */
export function name(max: number) {
  return z
    .string()
    .transform((value) => value.trim().replace(/\s+/g, " "))
    .pipe(text(1, max));
}

/** What a terminal or a log viewer might act on. Joiners within words and emoji (U+200C, U+200D) stay. */
const unprintable =
  /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\p{Extended_Pictographic})\p{Cn}/gu;

/**
 * Text from anywhere as one line for a terminal or a log: control, bidirectional and other invisible characters become
 * escapes as JSON has them, `\u001b`.
 */
export function printable(value: string): string {
  return value.replace(unprintable, (character) =>
    // An astral character is two escapes.
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
