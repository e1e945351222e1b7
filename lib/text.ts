import { z } from "zod";

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

/** The same for a name that a person types: without white space around it. */
export function name(max: number) {
  return z.string().trim().pipe(text(1, max));
}
