import { z } from "zod";
import { Contact } from "../contacts/schema";
import { identifier, text } from "../format/text";
import { callResults, retryableStatuses } from "./status";

/** A whole number of JSON, with a default. */
const whole = (min: number, max: number) => {
  const rule = `must be a whole number from ${min} to ${max}`;
  return z.int(rule).min(min, rule).max(max, rule);
};

export const claimMax = 50;
/** How long a claimed call can wait until it is dialed, and a dialed one until the next sign of life. In seconds. */
const claimLease = whole(30, 600).default(60);
const dialingLease = whole(30, 14_400).default(300);
const roomName = text(1, 256).optional();

/** The body of `POST /batch/calls/claim`. */
export const ClaimRequest = z.strictObject({
  /** Names the program that makes the calls, for people. */
  dialer: text(1, 128),
  max: whole(1, claimMax).default(1),
  batchJobId: identifier.optional(),
  leaseSeconds: claimLease,
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** The body of `POST /batch/calls/{callId}/dialing`. */
export const DialingRequest = z.strictObject({ leaseSeconds: dialingLease, roomName });
export type DialingRequest = z.infer<typeof DialingRequest>;

const reportable = [...callResults, "not_dialed"] as const;
const deferrable = ["not_dialed", ...retryableStatuses] as const;

/** The body of `POST /batch/calls/{callId}/result`. */
export const ResultRequest = z
  .strictObject({
    status: z.enum(reportable, `must be one of ${reportable.join(", ")}`),
    errorCode: text(1, 64).nullish(),
    failureReason: text(1, 1_000, { lines: true }).nullish(),
    /** In seconds. */
    callDuration: whole(0, 86_400).nullish(),
    roomName: text(1, 256).nullish(),
    /** When the contact can be claimed again, instead of the usual delay. */
    retryAfterSeconds: whole(1, 604_800).optional(),
  })
  .refine(
    ({ status, retryAfterSeconds }) =>
      retryAfterSeconds === undefined || deferrable.some((one) => one === status),
    { path: ["retryAfterSeconds"], error: `can only be given with ${deferrable.join(", ")}` },
  );
export type ResultRequest = z.infer<typeof ResultRequest>;

/** The body of `POST /batch/jobs/{batchJobId}/fail`. */
export const FailRequest = z.strictObject({
  reason: text(1, 1_000, { lines: true }),
});

const time = z.iso.datetime();

/** A contact that a dialer may ask to dial. */
export const ClaimedCall = z.strictObject({
  callId: z.string(),
  batchJobId: z.string(),
  contactId: z.string(),
  phoneNumber: z.string(),
  contactData: z.record(z.string(), z.unknown()),
  agentId: z.string(),
  fromPhoneNumberId: z.string(),
  /** null when the organization has no phone number with this id. */
  fromPhoneNumber: z.string().nullable(),
  attempt: z.int(),
  maxAttempts: z.int(),
  leaseUntil: time,
});
export type ClaimedCall = z.infer<typeof ClaimedCall>;

export const Claim = z.strictObject({ calls: z.array(ClaimedCall), nextPollSeconds: z.int().min(1).max(30) });
export type Claim = z.infer<typeof Claim>;

export const Dialing = z.strictObject({
  callId: z.string(),
  batchJobId: z.string(),
  contactId: z.string(),
  attempt: z.int(),
  leaseUntil: time,
});
export type Dialing = z.infer<typeof Dialing>;

export const Result = z.strictObject({
  callId: z.string(),
  batchJobId: z.string(),
  contact: Contact,
});
export type Result = z.infer<typeof Result>;
