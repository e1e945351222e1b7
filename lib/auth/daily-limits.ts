import { RateLimiterRes } from "rate-limiter-flexible";
import { quantity } from "../format/quantity";
import { HttpError } from "../http/http-error";
import { createLimiter, limiterKey } from "./throttle";

/** A person's limits cover all their organizations, as they may create more; the server's cover all people. */
export const dailyLimits = {
  organizationsOfPerson: 20,
  organizationsOfServer: 200,
  mailsOfPerson: 100,
  mailsOfOrganization: 100,
  mailsToAddress: 10,
  mailsOfServer: 1_000,
};
type Limit = keyof typeof dailyLimits;

const limiters = new Map<Limit, ReturnType<typeof createLimiter>>();

function limiterOf(limit: Limit) {
  let limiter = limiters.get(limit);
  if (!limiter) {
    limiter = createLimiter(limit, { points: dailyLimits[limit], duration: 86_400 });
    limiters.set(limit, limiter);
  }
  return limiter;
}

/**
 * Consumes a point of each limit, in this order, until one is reached.
 *
 * @returns the limit that is reached, and when it allows more.
 */
async function consume(limits: [Limit, key: string][]) {
  for (const [limit, key] of limits) {
    try {
      await limiterOf(limit).consume(limiterKey(key));
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      return { limit, retryAfterSeconds: Math.ceil(reason.msBeforeNext / 1_000) };
    }
  }
  return undefined;
}

/** Call it before a person creates an organization. @throws HttpError 429 with `Retry-After` in whole seconds. */
export async function consumeOrganizationLimit(personId: string): Promise<void> {
  const reached = await consume([
    ["organizationsOfPerson", personId],
    ["organizationsOfServer", ""],
  ]);
  if (!reached) return;
  const { limit, retryAfterSeconds } = reached;
  const isOfPerson = limit === "organizationsOfPerson";
  const who = isOfPerson ? "A person" : "All people of this server together";
  const hours = quantity(Math.ceil(retryAfterSeconds / 3_600), "hour");
  throw new HttpError(
    429,
    isOfPerson ? "too_many_organizations" : "too_many_organizations_here",
    `${who} may create ${dailyLimits[limit]} organizations a day. Try again in ${hours}`,
    { "Retry-After": String(retryAfterSeconds) },
  );
}

/** Call it before sending an email that a person has caused. @returns whether it may be sent. */
export async function consumeMailLimit(mail: {
  personId: string;
  organizationId: string;
  email: string;
}): Promise<boolean> {
  const reached = await consume([
    ["mailsOfPerson", mail.personId],
    ["mailsOfOrganization", mail.organizationId],
    ["mailsToAddress", mail.email],
    ["mailsOfServer", ""],
  ]);
  return reached === undefined;
}
