import { z } from "zod";

/** What identifiers of organizations and batch jobs look like; in db/migrations the same. */
export const identifierPattern = /^[A-Za-z0-9_-]{1,128}$/;

export const identifier = z
  .string()
  .regex(identifierPattern, "must be 1 to 128 characters of A-Z a-z 0-9 _ -");

/** Text that PostgreSQL stores as it is (no NUL, no half of a surrogate pair), `min` to `max` characters. */
export function text(min: number, max: number) {
  return z
    .string()
    .refine(
      (value) => !value.includes("\0") && value.isWellFormed(),
      "must not contain NUL or broken Unicode",
    )
    .refine((value) => {
      const { length } = [...value];
      return length >= min && length <= max;
    }, `must have ${min} to ${max} characters`);
}

/** The same for a name that a person types: without white space around it, and one space between words, as pages show it. */
export function name(max: number) {
  return z
    .string()
    .transform((value) => value.trim().replace(/\s+/g, " "))
    .pipe(text(1, max));
}
