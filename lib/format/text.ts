import { z } from "zod";

/** For organizations and batch jobs, as in db/migrations. */
export const identifierPattern = /^[A-Za-z0-9_-]{1,128}$/;

export const identifier = z
  .string("must be a string")
  .regex(identifierPattern, "must be 1 to 128 characters of A-Z a-z 0-9 _ -");

const control = /\p{Cc}/u;
/** Except tab, line feed and carriage return. */
const controlInLines = /(?![\t\n\r])\p{Cc}/u;
/** Except those reserved for emoji, which may be newer than this Node.js. */
const unassigned = /(?!\p{Extended_Pictographic})\p{Cn}/u;
/** Not spaces, zero-width and bidirectional controls, fillers, or combining marks alone. */
const visible =
  /\p{Extended_Pictographic}|[^\p{Cc}\p{Cf}\p{Cn}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

const codePoint = (character = "") =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/**
 * Text that can be stored and displayed anywhere: well-formed Unicode without control characters and unassigned code
 * points, in which something is visible.
 *
 * @param min and max length in Unicode code points.
 * @param options.lines whether tabs and line breaks are allowed.
 */
export function text(min: number, max: number, { lines = false } = {}) {
  return z
    .string("must be a string")
    .superRefine((value, context) => {
      const problem = problemIn(value, { min, max, lines });
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    })
    .meta({ minLength: min, maxLength: max });
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
  // Optional text may be blank.
  const isBlank = min === 0 && value.trim() === "";
  return isBlank || visible.test(value) ? undefined : "must contain a visible character";
}

/** A single-line name, trimmed and with single spaces. */
export function name(max: number) {
  return z
    .string("must be a string")
    .transform((value) => value.trim().replace(/\s+/g, " "))
    .pipe(text(1, max));
}

/** What terminals and log viewers may interpret, except for joiners within words and emoji (U+200C, U+200D). */
const unprintable =
  /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\p{Extended_Pictographic})\p{Cn}/gu;

/** Text as one line for a terminal or a log: invisible characters become JSON escapes like `\u001b`. */
export function printable(value: string): string {
  // Nearly all lines of a log.
  if (/^[ -~]*$/.test(value)) return value;
  return value.replace(unprintable, (character) =>
    // A character beyond U+FFFF becomes two escapes.
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
