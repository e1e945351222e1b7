import { z } from "zod";
import { e164, isPhoneNumber } from "../format/phone-number";
import { quantity } from "../format/quantity";
import { HttpError } from "../http/http-error";
import { isJsonObject } from "../http/json-body";
import { quotedJson } from "../http/quoted";
import { type ContactStatus, contactStatuses, isContactStatus } from "./status";

export type { ContactStatus };
export { contactStatuses, isContactStatus };

/** The contract's bound of a batch job. */
export const contactsMax = 10_000;
/** Far more than an agent can use: each time that the contact is read takes as long as it has members. */
const membersMax = 1_000;

/** A contact as a client gives it; the agent can use all members. */
export interface NewContact extends Record<string, unknown> {
  phone: string;
  name?: string | null;
}

/** The same as JSON Schema. */
export const contactJsonSchema = {
  type: "object",
  properties: {
    phone: { type: "string", pattern: e164.source, description: "In E.164." },
    name: { type: ["string", "null"] },
  },
  required: ["phone"],
  maxProperties: membersMax,
  additionalProperties: true,
  description: "All other members are kept for the agent.",
};

const invalidContacts = (detail: string) => new HttpError(400, "invalid_contacts", detail);

/**
 * Reads the contacts of a new batch job.
 *
 * @returns them without those whose phone number came before.
 * @throws HttpError 400 that names the first contact which is wrong, by its index from 0.
 */
export function readContacts(given: unknown[]): NewContact[] {
  if (given.length === 0) {
    throw new HttpError(400, "no_valid_contacts", "There are no contacts: send at least one");
  }
  if (given.length > contactsMax) {
    throw new HttpError(
      400,
      "too_many_contacts",
      `Too many contacts: at most ${contactsMax}; got ${given.length}`,
    );
  }
  const byPhone = new Map<string, NewContact>();
  for (const index of given.keys()) {
    const contact = readContact(given, index);
    if (!byPhone.has(contact.phone)) byPhone.set(contact.phone, contact);
  }
  return [...byPhone.values()];
}

function readContact(given: unknown[], index: number): NewContact {
  const [value, place] = [given[index], `contacts[${index}]`];
  if (!isJsonObject(value)) {
    throw invalidContacts(
      `${place} must be an object, like {"phone": "+12025550100"}; got ${quotedJson(value)}`,
    );
  }
  if (!hasPhoneNumber(value)) throw invalidPhone(given, index, value.phone);
  if (!hasName(value)) {
    throw invalidContacts(`${place}.name must be a string or null; got ${quotedJson(value.name)}`);
  }
  const members = Object.keys(value).length;
  if (members > membersMax) {
    throw invalidContacts(`${place} can have at most ${membersMax} members; got ${members}`);
  }
  return value;
}

function hasPhoneNumber(
  value: Record<string, unknown>,
): value is Record<string, unknown> & { phone: string } {
  return typeof value.phone === "string" && isPhoneNumber(value.phone);
}

function hasName<T extends Record<string, unknown>>(value: T): value is T & Pick<NewContact, "name"> {
  return value.name === undefined || value.name === null || typeof value.name === "string";
}

/** Begins with the contract's sentence. */
function invalidPhone(given: unknown[], index: number, phone: unknown): HttpError {
  const got = typeof phone === "string" ? phone.slice(0, 64) : phone === undefined ? "none" : typeof phone;
  const rule = `contacts[${index}].phone ${phone === undefined ? "is missing: it " : ""}must be in E.164, like +12025550100`;
  const others = given.slice(index + 1).filter((value) => isJsonObject(value) && !hasPhoneNumber(value));
  const more = others.length > 0 ? `; ${quantity(others.length, "more invalid phone number")}` : "";
  return new HttpError(400, "invalid_phone_format", `Invalid phone number format: ${got}; ${rule}${more}`);
}

const time = z.iso.datetime();

/** A contact as the contract writes it: these 13 keys, nothing else. */
export const Contact = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}-[1-9]\d{0,4}$/),
  phoneNumber: z.string().refine(isPhoneNumber).describe("In E.164."),
  contactData: z.record(z.string(), z.unknown()).describe("All that was uploaded, including `phone`."),
  status: z
    .enum(contactStatuses)
    .describe(
      "A `pending` contact has not been called, a `queued` one was claimed by a dialer, and a `dialing` one is being called. After `no_answer`, `busy` and `timeout` it waits for its next attempt. The others are final.",
    ),
  errorCode: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .describe(
      "The error code of the last call, such as the SIP status `486`; `no_report` if its dialer did not report how it ended.",
    ),
  attemptCount: z.int().min(0).max(10).describe("How many times the contact was dialed."),
  maxAttempts: z.int().min(1).max(10).describe("How many attempts the job allows for each contact."),
  lastAttemptAt: time.nullable().describe("When the last call was dialed."),
  nextRetryAt: time.nullable().describe("When the contact can be called again."),
  completedAt: time.nullable().describe("When the contact got its final status."),
  roomName: z
    .string()
    .min(1)
    .max(256)
    .nullable()
    .describe("The room of the last call, unless that ended without being connected."),
  failureReason: z.string().min(1).max(1_000).nullable().describe("Why the last call failed, for people."),
  callDuration: z.int().min(0).nullable().describe("How long the last call lasted, in seconds."),
});
export type Contact = z.infer<typeof Contact>;
