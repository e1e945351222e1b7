import { isPossiblePhoneNumber } from "libphonenumber-js/min";

/** A plus sign, and a country code and number of at most 15 ASCII digits (ITU-T E.164). */
export const e164 = /^\+[1-9]\d{1,14}$/;

/**
 * Whether a text is a phone number in E.164, with a country code that exists and a length that this country has. Not
 * whether anybody has it, nor whether its range is in use: the library's knowledge of ranges becomes outdated.
 */
export function isPhoneNumber(text: string): boolean {
  return e164.test(text) && isPossiblePhoneNumber(text);
}

/**
 * A phone number in E.164, maybe with spaces, hyphens, dots and brackets, or without its plus sign; undefined for any other
 * text.
 */
export function findPhoneNumber(text: string): string | undefined {
  const given = text.replace(/[\s().-]/g, "");
  const number = /^\d{8,15}$/.test(given) ? `+${given}` : given;
  return isPhoneNumber(number) ? number : undefined;
}
