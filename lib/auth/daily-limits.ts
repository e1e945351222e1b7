import { RateLimiterRes } from "rate-limiter-flexible";
import { quantity } from "../format/quantity";
import { HttpError } from "../http/http-error";
import { keyOf, limiter } from "./throttle";

/**
 * What one person can make this server do in a day. A person's own limit holds for all their organizations together,
 * and the server's for all persons: either can be multiplied by whoever may make organizations and invite people.
 */
export const dailyLimits = {
  organizationsOfPerson: 20,
  organizationsOfServer: 200,
  mailsOfPerson: 100,
  mailsOfOrganization: 100,
  mailsToAddress: 10,
  mailsOfServer: 1_000,
};
type Limit = keyof typeof dailyLimits;

const limiters = new Map<Limit, ReturnType<typeof limiter>>();

function limiterOf(limit: Limit) {
  let found = limiters.get(limit);
  if (!found) {
    found = limiter(limit, { points: dailyLimits[limit], duration: 86_400 });
    limiters.set(limit, found);
  }
  return found;
}

/**
 * Counts one against each of these limits, in this order, until one is reached.
 *
 * @param counts each limit, and whose it is.
 * @returns the limit that is reached, and for how long yet; undefined when there is none.
 */
async function count(counts: [Limit, whose: string][]) {
  for (const [limit, whose] of counts) {
    try {
      await limiterOf(limit).consume(keyOf(whose));
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      return { limit, retryAfterSeconds: Math.ceil(reason.msBeforeNext / 1_000) };
    }
  }
  return undefined;
}

/**
 * Counts an organization before a person makes it.
 *
 * @throws HttpError 429 with `Retry-After` in whole seconds.
 */
export async function countOrganization(personId: string): Promise<void> {
  const reached = await count([
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

/**
 * Counts a mail before it is sent, as its words are partly its sender's.
 *
 * @param mail who sends it, for which organization, and to which address.
 * @returns whether it may be sent.
 */
export async function countMail(mail: {
  personId: string;
  organizationId: string;
  email: string;
}): Promise<boolean> {
  const reached = await count([
    ["mailsOfPerson", mail.personId],
    ["mailsOfOrganization", mail.organizationId],
    ["mailsToAddress", mail.email],
    ["mailsOfServer", ""],
  ]);
  return reached === undefined;
}
