import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Claim } from "@/lib/calls/schema";
import { spread } from "./statistics";

/** How many calls are made, by dialers of the organizations whose keys these are. */
export interface DialTask {
  url: string;
  keys: string[];
  /** Of all organizations together. */
  callsPerSecond: number;
  seconds: number;
}

/** What came of it. Times in ms. */
export interface Dialed {
  /** From the claim to the result. */
  calls: number;
  /** Between the first dialer's first results and the end of the given time: without ramping up and running out. */
  callsPerSecond: number;
  claimP50Ms: number;
  dialingP50Ms: number;
  resultP50Ms: number;
  /** Answers other than 200, and requests without one. */
  failed: number;
}

const claimed = 5;
/** How long a dialer takes for five calls, at most; they are open almost all of the time. */
const periodMs = 500;
const triesMax = 5;
/** Left for the results at the end of a period. */
const reportMs = 50;

/** Posts JSON. @returns the answer, undefined for other statuses than 200. */
function post<R>(agent: Agent, address: string, given: object, json: string): Promise<R | undefined> {
  const headers = {
    ...given,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(json),
  };
  return new Promise((resolve) => {
    const sent = request(address, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve(response.statusCode === 200 ? JSON.parse(text) : undefined));
    });
    sent.on("error", () => resolve(undefined));
    sent.end(json);
  });
}

/** Makes calls at a steady rate. A dialer that falls behind goes on without a pause. */
export async function dial({ url, keys, callsPerSecond, seconds }: DialTask): Promise<Dialed> {
  const agent = new Agent({ keepAlive: true });
  const times = { claim: [] as number[], dialing: [] as number[], result: [] as number[] };
  const endedMs: number[] = [];
  let failed = 0;
  const timed = async <R>(kind: keyof typeof times, path: string, key: string, body: object) => {
    const headers = {
      Authorization: `Bearer ${key}`,
      // As the reference dialer does: a claim is the only request that cannot be repeated without it.
      ...(kind === "claim" && { "Idempotency-Key": randomUUID() }),
    };
    const startMs = performance.now();
    // Repeated, as a call without a result would stay open, and count for the limit.
    for (let tries = 1; tries <= triesMax; tries++) {
      const answer = await post<R>(agent, `${url}/batch/calls/${path}`, headers, JSON.stringify(body));
      if (answer !== undefined) {
        times[kind].push(performance.now() - startMs);
        return answer;
      }
      failed++;
    }
    return undefined;
  };
  // With one more, an organization would have more calls at 100 a second than its limit of 50, and claims would find none.
  const dialers = Math.floor((callsPerSecond * periodMs) / 1_000 / claimed);
  const ownPeriodMs = (dialers * claimed * 1_000) / callsPerSecond;
  const startMs = performance.now();
  const untilMs = startMs + seconds * 1_000;
  const until = (ms: number) => delay(Math.max(0, ms - performance.now()));

  async function runDialer(number: number): Promise<void> {
    const key = keys[number % keys.length] ?? "";
    let periodStartMs = startMs + (ownPeriodMs * number) / dialers;
    for (; periodStartMs < untilMs; periodStartMs += ownPeriodMs) {
      await until(periodStartMs);
      if (performance.now() > untilMs) return;
      const claim = await timed<Claim>("claim", "claim", key, { dialer: `Dialer ${number}`, max: claimed });
      const open = claim?.calls ?? [];
      await Promise.all(open.map(({ callId }) => timed("dialing", `${callId}/dialing`, key, {})));
      await until(periodStartMs + ownPeriodMs - reportMs);
      const result = { status: "completed", callDuration: 42 };
      const done = await Promise.all(
        open.map(({ callId }) => timed("result", `${callId}/result`, key, result)),
      );
      const nowMs = performance.now();
      for (const answer of done) if (answer !== undefined) endedMs.push(nowMs);
    }
  }

  await Promise.all(Array.from({ length: dialers }, (_, number) => runDialer(number)));
  agent.destroy();
  const steadyMs = startMs + ownPeriodMs;
  const steady = endedMs.filter((ms) => ms > steadyMs && ms <= untilMs).length;
  return {
    calls: endedMs.length,
    callsPerSecond: (steady / (untilMs - steadyMs)) * 1_000,
    claimP50Ms: spread(times.claim).median,
    dialingP50Ms: spread(times.dialing).median,
    resultP50Ms: spread(times.result).median,
    failed,
  };
}
