import { z } from "zod";

/** An integer from `min` to `max`. Messages name the field before this error, and the given value after it. */
export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error);
}
