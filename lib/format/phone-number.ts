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

/** What people write between the digits of a phone number: spaces, dashes, dots, slashes and brackets. */
const separators = /[\s\p{Pd}\u2212./()[\]]/gu;

/**
 * Reads a phone number as people write it: with separators, and with 00 for the plus sign.
 *
 * @returns it in E.164; undefined without a plus sign or 00, and for what is no phone number.
 */
export function parsePhoneNumber(text: string): string | undefined {
  // As in +44 (0)20: most countries leave this zero out after their code, but not all.
  if (text.includes("(0)")) return undefined;
  const number = text.replace(separators, "").replace(/^00/, "+");
  return isPhoneNumber(number) ? number : undefined;
}

/** Reads a phone number in a search as parsePhoneNumber does, also without its plus sign. */
export function findPhoneNumber(text: string): string | undefined {
  const digits = text.replace(separators, "");
  return parsePhoneNumber(/^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : text);
}

/** Whether a text can be a part of a phone number, or one without its country code. */
export function isPartOfPhoneNumber(text: string): boolean {
  return /^\+?\d{4,15}$/.test(text.replace(separators, "")) && parsePhoneNumber(text) === undefined;
}
