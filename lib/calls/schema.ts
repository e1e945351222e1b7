import { z } from "zod";
import { Contact } from "../contacts/schema";
import { identifier, text } from "../format/text";
import { wholeNumber } from "../format/whole-number";
import { callResults, retryableStatuses } from "./status";

export const claimMax = 50;
const roomDescription = "The room of the call on your voice platform, for people.";

/** The body of `POST /batch/calls/claim`. */
export const ClaimRequest = z.strictObject({
  dialer: text(1, 128).describe("A name of the program that makes the calls, for people."),
  max: wholeNumber(1, claimMax).default(1).describe("How many calls to claim at most."),
  batchJobId: identifier
    .optional()
    .describe("The job whose contacts to claim; by default, all of the organization's jobs."),
  leaseSeconds: wholeNumber(30, 600)
    .default(60)
    .describe(
      "How long the calls are reserved, in seconds. One that is not dialed by then can be claimed again.",
    ),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** The body of `POST /batch/calls/{callId}/dialing`. */
export const DialingRequest = z.strictObject({
  leaseSeconds: wholeNumber(30, 14_400)
    .default(300)
    .describe("How long the lease lasts from this request on, in seconds."),
  roomName: text(1, 256).optional().describe(roomDescription),
});
export type DialingRequest = z.infer<typeof DialingRequest>;

const reportable = [...callResults, "not_dialed"] as const;
const deferrable = ["not_dialed", ...retryableStatuses] as const;

/** The body of `POST /batch/calls/{callId}/result`. */
export const ResultRequest = z
  .strictObject({
    status: z
      .enum(reportable, `must be one of ${reportable.join(", ")}`)
      .describe("How the call ended; `not_dialed` if it was not dialed, which costs no attempt."),
    errorCode: text(1, 64).nullish().describe("The code of an error, such as the SIP status `486`."),
    failureReason: text(1, 1_000, { lines: true }).nullish().describe("Why the call failed, for people."),
    callDuration: wholeNumber(0, 86_400).nullish().describe("How long the call lasted, in seconds."),
    roomName: text(1, 256).nullish().describe(roomDescription),
    retryAfterSeconds: wholeNumber(1, 604_800)
      .optional()
      .describe(
        `After how many seconds the contact can be claimed again, instead of the usual delay. Only with ${deferrable.map((one) => `\`${one}\``).join(", ")}.`,
      ),
  })
  .refine(
    ({ status, retryAfterSeconds }) =>
      retryAfterSeconds === undefined || deferrable.some((one) => one === status),
    { path: ["retryAfterSeconds"], error: `can only be given with ${deferrable.join(", ")}` },
  );
export type ResultRequest = z.infer<typeof ResultRequest>;

/** The body of `POST /batch/jobs/{batchJobId}/fail`. */
export const FailRequest = z.strictObject({
  reason: text(1, 1_000, { lines: true }).describe("Why the job fails, for people."),
});

const time = z.iso.datetime();
const attempt = z.int().describe("Which attempt to call the contact this is, from 1.");

/** A contact that a dialer may ask to dial. */
export const ClaimedCall = z.strictObject({
  callId: z.string().describe("Identifies the call in requests to dial it and to report its result."),
  batchJobId: z.string(),
  contactId: z.string(),
  phoneNumber: z.string().describe("The number to call, in E.164."),
  contactData: z
    .record(z.string(), z.unknown())
    .describe("All that was uploaded with the contact, for the agent."),
  agentId: z.string().describe("The agent that makes the call."),
  fromPhoneNumberId: z.string(),
  fromPhoneNumber: z
    .string()
    .nullable()
    .describe(
      "The number to call from, in E.164; `null` if the organization has no phone number with this id.",
    ),
  attempt,
  maxAttempts: z.int().describe("How many attempts the job allows for each contact."),
  leaseUntil: time.describe("When the call is no longer reserved. Ask to dial it before."),
});
export type ClaimedCall = z.infer<typeof ClaimedCall>;

export const Claim = z.strictObject({
  calls: z.array(ClaimedCall),
  nextPollSeconds: z.int().min(1).max(30).describe("How many seconds to wait before claiming again."),
});
export type Claim = z.infer<typeof Claim>;

export const Dialing = z.strictObject({
  callId: z.string(),
  batchJobId: z.string(),
  contactId: z.string(),
  attempt,
  leaseUntil: time.describe("When the lease ends, unless it is extended before."),
});
export type Dialing = z.infer<typeof Dialing>;

export const Result = z.strictObject({
  callId: z.string(),
  batchJobId: z.string(),
  contact: Contact.describe("The contact as it now is."),
});
export type Result = z.infer<typeof Result>;
