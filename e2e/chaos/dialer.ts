import { setTimeout as delay } from "node:timers/promises";
import type { Claim } from "@/lib/calls/schema";
import { Client, RefusedError } from "@/lib/dialer/client";

// A dialer that does what goes wrong: it forgets calls, repeats requests, contradicts itself and comes late. Its process
// is killed now and then. It writes what it was answered as lines of JSON, for verify.ts.

/** What a dialer was answered, in words that it must be able to rely on. */
export type Answered =
  | { kind: "permitted"; contactId: string; attempt: number; callId: string }
  | { kind: "accepted"; callId: string; status: string };

const [name = "", key = "", ...urls] = process.argv.slice(2);
const clients = urls.map((url) => new Client(url, key));
const anyClient = () => clients[Math.floor(Math.random() * clients.length)] as Client;
const chance = (share: number) => Math.random() < share;
const write = (answered: Answered) => process.stdout.write(`${JSON.stringify(answered)}\n`);

/** Refusals that a dialer which does wrong must get. Others are an error of this test or of the server. */
const expected = ["call_cancelled", "lease_lost", "already_reported", "invalid_result"];

/** @returns whether it was done, not refused. */
async function post(path: string, body: object): Promise<boolean> {
  try {
    // Any instance may be asked.
    await anyClient().post(path, body, { isRepeatable: true });
    return true;
  } catch (error) {
    if (error instanceof RefusedError && expected.includes(error.code)) return false;
    throw error;
  }
}

const statuses = ["completed", "completed", "completed", "no_answer", "busy", "timeout", "blocked", "failed"];
const anyStatus = () => statuses[Math.floor(Math.random() * statuses.length)] as string;

async function report(callId: string, status: string): Promise<void> {
  const retry = ["no_answer", "busy", "timeout"].includes(status) ? { retryAfterSeconds: 1 } : {};
  if (await post(`/batch/calls/${callId}/result`, { status, ...retry })) {
    write({ kind: "accepted", callId, status });
  }
}

async function handle({ callId, contactId, attempt }: Claim["calls"][number]): Promise<void> {
  if (chance(0.03)) return;
  if (chance(0.03)) return report(callId, "not_dialed");
  const dialing = () => post(`/batch/calls/${callId}/dialing`, {});
  const permits = await Promise.all(chance(0.2) ? [dialing(), dialing()] : [dialing()]);
  if (!permits.includes(true)) return chance(0.2) ? report(callId, "completed") : undefined;
  write({ kind: "permitted", contactId, attempt, callId });
  if (chance(0.03)) return;
  await delay(chance(0.03) ? 2_000 : 20);
  const status = anyStatus();
  await Promise.all(
    chance(0.2) ? [report(callId, status), report(callId, status)] : [report(callId, status)],
  );
  if (chance(0.1)) await report(callId, anyStatus());
}

async function dial(): Promise<never> {
  for (;;) {
    const max = 1 + Math.floor(Math.random() * 5);
    const claim = await anyClient().post<Claim>("/batch/calls/claim", { dialer: name, max });
    const handled = claim.calls.map(handle);
    // Sometimes it goes on without waiting, so that it has more calls than it asked for.
    if (claim.calls.length === 0) await delay(200);
    else await (chance(0.3) ? Promise.race(handled) : Promise.all(handled));
  }
}

await dial();
