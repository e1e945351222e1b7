import { setTimeout as delay } from "node:timers/promises";
import { type Client, RefusedError } from "./client";

/** A call that was claimed, with the fields that a dialer needs; there are more. */
export interface Call {
  callId: string;
  phoneNumber: string;
  contactData: Record<string, unknown>;
}

/** How a call ended: the body of the report. */
export interface Report {
  status: string;
  errorCode?: string;
  failureReason?: string;
  callDuration?: number;
}

interface DialerOptions {
  /** Shown to people. */
  name: string;
  /** The most calls at a time. */
  concurrency: number;
  /** How long a call may go on after the last sign of life, which is given three times as often. */
  leaseSeconds?: number;
  /** Makes the call, and waits for its end. */
  makeCall: (call: Call) => Promise<Report>;
  /** Is told each call's id and what became of it; not whom it called. */
  log: (line: string) => void;
}

/**
 * Claims calls, asks to dial each, makes it and reports how it ended, until `signal` ends it: then calls under way are
 * finished, and no others are begun.
 *
 * @throws RefusedError when the server refuses to give calls, as with an invalid key.
 */
export async function runDialer(client: Client, options: DialerOptions, signal: AbortSignal): Promise<void> {
  const { name, concurrency, log } = options;
  const open = new Set<Promise<void>>();
  while (!signal.aborted) {
    const max = Math.min(concurrency - open.size, 50);
    const { calls, nextPollSeconds } = await claim(client, name, max, signal);
    for (const call of calls) {
      const handled = handleCall(client, options, call, signal)
        .catch((error) => log(`${call.callId} was lost: ${(error as Error).message}`))
        .finally(() => open.delete(handled));
      open.add(handled);
    }
    const isFull = open.size >= concurrency;
    // A call that ends makes room, for this dialer and in the job's limit.
    const waits: Promise<unknown>[] = [...open];
    if (!isFull) waits.push(delay(nextPollSeconds * 1_000, undefined, { signal }).catch(() => {}));
    if (calls.length < max || isFull) await Promise.race(waits);
  }
  await Promise.all(open);
}

async function claim(
  client: Client,
  dialer: string,
  max: number,
  signal: AbortSignal,
): Promise<{ calls: Call[]; nextPollSeconds: number }> {
  try {
    return await client.post("/batch/calls/claim", { dialer, max }, { signal });
  } catch (error) {
    if (signal.aborted) return { calls: [], nextPollSeconds: 0 };
    throw error;
  }
}

async function handleCall(
  client: Client,
  { leaseSeconds = 120, makeCall, log }: DialerOptions,
  call: Call,
  signal: AbortSignal,
): Promise<void> {
  const path = `/batch/calls/${call.callId}`;
  const report = (result: Report) => client.post(`${path}/result`, result, { isRepeatable: true });
  if (signal.aborted) {
    await report({ status: "not_dialed" });
    return;
  }
  const extendLease = () => client.post(`${path}/dialing`, { leaseSeconds }, { isRepeatable: true });
  try {
    await extendLease();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    // The job was cancelled, or this took too long: the call is no longer ours.
    log(`${call.callId} must not be dialed: ${error.code}`);
    return;
  }
  const heartbeat = setInterval(() => extendLease().catch(() => {}), (leaseSeconds * 1_000) / 3);
  try {
    const result = await makeCall(call).catch(({ message }) => ({
      status: "failed",
      failureReason: message,
    }));
    await report(result);
    log(`${call.callId} ${result.status}`);
  } finally {
    clearInterval(heartbeat);
  }
}
