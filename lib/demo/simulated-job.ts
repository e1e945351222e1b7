import { type Insertable, type Kysely, sql } from "kysely";
import { v7 as uuidVersion7 } from "uuid";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { generateBatchJob } from "../batch-jobs/generate";
import { outcomeOf } from "../calls/outcome";
import { retryableStatuses } from "../calls/status";
import { randomCall } from "../dialer/simulate-call";
import { batchJobId } from "../format/identifier";

/** What the demo's own jobs call from. */
export const simulatedPhoneNumberId = "phone_demo";
/** What they are recognized by. Jobs that people create have the phone number's agent, which is another one. */
export const simulatedAgentId = "agent_simulated";
/** The name under which the demo's calls are made. */
export const demoDialerName = "Demo dialer";

/** What a dialer says when it cannot go on with a job. */
export const simulatedFailure = "The SIP trunk does not respond";

const concurrentCallLimit = 8;

interface SimulatedJob {
  contacts: number;
  maxAttempts: number;
  createdMs: number;
  /** When its calls begin. */
  startMs: number;
  isScheduled: boolean;
  /** How and when it ends before all contacts have been called. */
  ending?: { status: "cancelled" | "failed"; ms: number };
}

const minuteMs = 60_000;
const between = (min: number, max: number) => min + Math.random() * (max - min);
const pick = <T>(choices: readonly T[]) => choices[Math.floor(Math.random() * choices.length)] as T;
/** A retry comes 5 minutes after the first attempt, or 30 after a later one, so this decides how long a job takes. */
const pickMaxAttempts = () => pick([1, 2, 2, 3]);
/** The columns of a job have seconds, to which PostgreSQL would round. */
const toSecond = (ms: number) => Math.floor(ms / 1_000) * 1_000;

/** A job that begins now, or at some time within the next 80 minutes. */
export function planJob(kind: "immediate" | "scheduled"): SimulatedJob {
  const createdMs = toSecond(Date.now());
  const isScheduled = kind === "scheduled";
  const plannedMs = Math.ceil(createdMs / (5 * minuteMs) + between(2, 15)) * 5 * minuteMs;
  const contacts = Math.round(between(60, 160));
  const startMs = isScheduled ? plannedMs : createdMs;
  return { contacts, maxAttempts: pickMaxAttempts(), createdMs, startMs, isScheduled };
}

/**
 * Jobs that began in the last hours, one every 20 minutes. At least the last two are still running; of the others, some
 * have failed, and some were cancelled.
 */
export function pastJobs(count: number): SimulatedJob[] {
  return Array.from({ length: count }, (_, index) => {
    const startMs = toSecond(Date.now() - (4 + 20 * index) * minuteMs);
    const createdMs = toSecond(startMs - between(2, 40) * minuteMs);
    const contacts = Math.round(index < 2 ? between(220, 260) : between(25, 60));
    const status = ({ 2: "failed", 5: "cancelled" } as const)[index % 8];
    const ending = status && { status, ms: toSecond(startMs + between(1.5, 2.5) * minuteMs) };
    const maxAttempts = index < 2 ? 3 : pickMaxAttempts();
    return { contacts, maxAttempts, createdMs, startMs, isScheduled: index % 2 === 1, ending };
  });
}

type Contact = Insertable<Database["batch_contacts"]>;
type Call = Insertable<Database["batch_calls"]>;

/**
 * Creates a job that calls fictitious people. If it starts in the past, its calls until now have been made.
 *
 * @param db a transaction.
 */
export async function createSimulatedJob(
  viewer: Viewer,
  { contacts: count, maxAttempts, createdMs, startMs, isScheduled, ending }: SimulatedJob,
  db: Kysely<Database>,
): Promise<void> {
  viewer.require("writeBatchJobs");
  const { organizationId } = viewer;
  const id = batchJobId({ msecs: createdMs, random: crypto.getRandomValues(new Uint8Array(16)) });
  const { contacts, calls } = randomCalls(
    { organization_id: organizationId, batch_job_id: id },
    { count, maxAttempts, startMs, untilMs: ending?.ms ?? Date.now() },
  );
  const processed = contacts.filter(({ completed_at }) => completed_at).length;
  const successful = contacts.filter(({ status }) => status === "completed").length;
  const isCompleted = processed === count;
  const early = isCompleted ? undefined : ending;
  const endMs = isCompleted ? toSecond(Math.max(...calls.map(endOf))) : early?.ms;
  if (early) cancelWaiting(contacts, new Date(early.ms));
  const created = new Date(createdMs);
  // Two jobs of one second are different ones.
  const { name, description } = generateBatchJob(organizationId, 2, createdMs + between(0, 1_000), created);
  await db
    .insertInto("batch_jobs")
    .values({
      id,
      organization_id: organizationId,
      name,
      description,
      status: isCompleted ? "completed" : (early?.status ?? statusOf(calls, isScheduled)),
      failure_reason: early?.status === "failed" ? simulatedFailure : null,
      agent_id: simulatedAgentId,
      from_phone_number_id: simulatedPhoneNumberId,
      total_contacts: count,
      contacts_processed: processed,
      successful_calls: successful,
      failed_calls: processed - successful,
      scheduled_start_time: isScheduled ? new Date(startMs) : null,
      schedule_time_zone: isScheduled ? "UTC" : null,
      actual_start_time: calls.length > 0 ? new Date(startMs) : null,
      completed_at: endMs === undefined ? null : new Date(endMs),
      created_at: created,
      concurrent_call_limit: concurrentCallLimit,
      retry_max_attempts: maxAttempts,
      has_contacts: true,
    })
    .execute();
  // Thousands of parameters would take longer.
  await sql`
    insert into batch_contacts
    select made.* from json_populate_recordset(null::batch_contacts, ${JSON.stringify(contacts)}) as made
  `.execute(db);
  await sql`
    insert into batch_calls
    select made.* from json_populate_recordset(null::batch_calls, ${JSON.stringify(calls)}) as made
  `.execute(db);
}

const endOf = ({ ended_at }: Call) => Number(ended_at);

/** The status of a job that has not ended. */
function statusOf(calls: Call[], isScheduled: boolean) {
  if (calls.length > 0) return "running";
  return isScheduled ? "scheduled" : "pending";
}

/** Does what the end of a job does to contacts that are not over. */
function cancelWaiting(contacts: Contact[], at: Date): void {
  for (const contact of contacts.filter(({ completed_at }) => !completed_at)) {
    Object.assign(contact, { status: "cancelled", next_retry_at: null, completed_at: at });
  }
}

/** The contacts of a job whose calls began at a time, as they are at another one, and the calls that have ended. */
function randomCalls(
  job: Pick<Contact, "organization_id" | "batch_job_id">,
  { count, maxAttempts, startMs, untilMs }: Record<"count" | "maxAttempts" | "startMs" | "untilMs", number>,
) {
  /** When each of the job's lines is free. */
  const freeMs = Array.from({ length: concurrentCallLimit }, () => startMs);
  const calls: Call[] = [];
  const firstPerson = Math.floor(Math.random() * peopleCount);
  const contacts = Array.from({ length: count }, (_, index): Contact => {
    const key = { ...job, position: index + 1 };
    const line = index % freeMs.length;
    const data = person(firstPerson + index);
    const contact: Contact = {
      ...key,
      phone_number: data.phone,
      contact_data: data,
      status: "pending",
      attempt_count: 0,
    };
    let dialMs = freeMs[line] ?? startMs;
    for (let attempt = 1; ; attempt++) {
      const { report, seconds } = randomCall();
      const endMs = dialMs + seconds * 1_000;
      if (attempt === 1) freeMs[line] = endMs;
      if (endMs > untilMs) return contact;
      const [dialed, ended] = [new Date(dialMs), new Date(endMs)];
      const { status, errorCode: error_code = null, failureReason: failure_reason = null } = report;
      const call_duration = report.callDuration ?? null;
      calls.push({
        ...key,
        phone_number: data.phone,
        id: `call_${uuidVersion7({ msecs: dialMs }).replaceAll("-", "")}`,
        attempt,
        previous_status: (contact.status ?? "pending") as Call["previous_status"],
        previous_next_retry_at: contact.next_retry_at ?? null,
        dialer: demoDialerName,
        claimed_at: dialed,
        dialing_at: dialed,
        lease_until: ended,
        ended_at: ended,
        reported_at: ended,
        result: status,
        error_code,
        failure_reason,
        call_duration,
      });
      const policy = { retry_max_attempts: maxAttempts, retry_retryable_statuses: [...retryableStatuses] };
      const outcome = outcomeOf(report, { attempt, job_status: "running", ...policy }, true);
      Object.assign(contact, {
        status: outcome.status,
        attempt_count: attempt,
        last_attempt_at: dialed,
        error_code,
        failure_reason: outcome.failureReason,
        call_duration,
        completed_at: outcome.isOver ? ended : null,
        next_retry_at: outcome.isOver ? null : new Date(endMs + outcome.retryAfterSeconds * 1_000),
      });
      if (outcome.isOver) return contact;
      dialMs = endMs + outcome.retryAfterSeconds * 1_000;
    }
  });
  return { contacts, calls };
}

// Numbers that are reserved for fiction: 555-0100 to 555-0199 of each area.
const areaCodes = [201, 202, 212, 305, 312, 404, 415, 503, 617, 713];
const peopleCount = areaCodes.length * 100;
const firstNames = [
  "Ana",
  "Ben",
  "Chloe",
  "David",
  "Elena",
  "Farid",
  "Grace",
  "Hiro",
  "Ines",
  "Jonas",
  "Keiko",
];
const lastNames = ["Alvarez", "Brown", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Haddad", "Ivanov"];
const plans = ["Basic", "Premium", "Family"];

/** One of the fictitious people: another one for each of `peopleCount` consecutive numbers. */
function person(number: number) {
  const index = (number * 7) % peopleCount;
  const of = <T>(words: T[]) => words[index % words.length];
  const phone = `+1${areaCodes[Math.floor(index / 100)]}55501${String(index % 100).padStart(2, "0")}`;
  return { phone, name: `${of(firstNames)} ${of(lastNames)}`, plan: of(plans) };
}
