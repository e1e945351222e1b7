import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, RefusedError } from "./client";

/** A call that was claimed, with the fields that a dialer needs; there are more. */
export interface Call {
  callId: string;
  phoneNumber: string;
  contactData: Record<string, unknown>;
}

interface DialerOptions {
  /** Shown to people. */
  name: string;
  /** The most calls at a time. */
  concurrency: number;
  /** How long a call may go on after the last sign of life, which is given three times as often. */
  leaseSeconds?: number;
  /** Makes the call, and waits for its end. @returns how it ended: the JSON to report. */
  makeCall: (call: Call) => Promise<string>;
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
  const { name: dialer, concurrency, log } = options;
  const open = new Set<Promise<void>>();
  // Each call listens, which is no leak.
  setMaxListeners(0, signal);
  while (!signal.aborted) {
    const max = Math.min(concurrency - open.size, 50);
    const { calls, nextPollSeconds } = await client
      .post<{ calls: Call[]; nextPollSeconds: number }>("/batch/calls/claim", { dialer, max }, { signal })
      .catch((error) => {
        if (signal.aborted) return { calls: [], nextPollSeconds: 0 };
        throw error;
      });
    for (const call of calls) {
      const handled = handleCall(client, options, call, signal)
        .catch((error: Error) => `was lost: ${error.message}`)
        .then((outcome) => log(`${call.callId} ${outcome}`))
        .finally(() => open.delete(handled));
      open.add(handled);
    }
    const nextPoll = () => delay(nextPollSeconds * 1_000, undefined, { signal }).catch(() => {});
    // A call that ends makes room, for this dialer and in the job's limit.
    if (open.size >= concurrency) await Promise.race(open);
    else if (calls.length < max) await Promise.race([...open, nextPoll()]);
  }
  await Promise.all(open);
}

/** @returns what became of the call. */
async function handleCall(
  client: Client,
  { leaseSeconds = 120, makeCall }: DialerOptions,
  call: Call,
  signal: AbortSignal,
): Promise<string> {
  const path = `/batch/calls/${call.callId}`;
  const extendLease = (signal: AbortSignal) =>
    client.post(`${path}/dialing`, { leaseSeconds }, { isRepeatable: true, signal });
  const send = (body: object | string) =>
    client.post<{ contact: { status: string } }>(`${path}/result`, body, { isRepeatable: true });
  const report = async (body: object | string): Promise<string> => {
    const { contact } = await send(body).catch((error) => {
      // The call has ended, whatever is wrong with its report.
      if (error instanceof RefusedError) return send(failed(`The report was refused: ${error.message}`));
      throw error;
    });
    return contact.status;
  };

  const error = await extendLease(signal).catch((error) => error);
  // The job was cancelled, or this took too long: the call is no longer ours.
  if (error instanceof RefusedError) return `must not be dialed: ${error.code}`;
  if (error instanceof Error) return report({ status: "not_dialed" });

  const reported = new AbortController();
  const heartbeat = async () => {
    for (;;) {
      await delay((leaseSeconds * 1_000) / 3, undefined, { signal: reported.signal });
      await extendLease(reported.signal);
    }
  };
  // When it is refused, the call goes on, and its report comes late.
  heartbeat().catch(() => {});
  // An AggregateError has no message.
  const result = await makeCall(call).catch((error) =>
    failed(error.message || error.code || "The call failed"),
  );
  return report(result).finally(() => reported.abort());
}

const failed = (reason: string) => ({ status: "failed", failureReason: reason.slice(0, 1_000) });
