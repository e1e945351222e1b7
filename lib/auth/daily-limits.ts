import { quantity } from "../format/quantity";
import { HttpError } from "../http/http-error";
import { consume, createLimiter, type Limit, limiterKey } from "./limit-attempts";

/** A person's limits cover all their organizations, as they may create more; the server's cover all people. */
export const dailyLimits = {
  organizationsOfPerson: 20,
  organizationsOfServer: 200,
  mailsOfPerson: 100,
  mailsOfOrganization: 100,
  mailsToAddress: 10,
  mailsOfServer: 1_000,
};
type Name = keyof typeof dailyLimits;

const limiters = new Map<Name, ReturnType<typeof createLimiter>>();

function limiterOf(name: Name) {
  let limiter = limiters.get(name);
  if (!limiter) {
    limiter = createLimiter(name, { points: dailyLimits[name], duration: 86_400 });
    limiters.set(name, limiter);
  }
  return limiter;
}

const daily = (name: Name, key: string): Limit => [limiterOf(name), limiterKey(key)];

/** Call it before a person creates an organization. @throws HttpError 429 with `Retry-After` in whole seconds. */
export async function consumeOrganizationLimit(personId: string): Promise<void> {
  const reached = await consume([
    daily("organizationsOfPerson", personId),
    daily("organizationsOfServer", ""),
  ]);
  if (!reached) return;
  const { limiter, retryAfterSeconds } = reached;
  const isOfPerson = limiter === limiterOf("organizationsOfPerson");
  const who = isOfPerson ? "A person" : "All people of this server together";
  const hours = quantity(Math.ceil(retryAfterSeconds / 3_600), "hour");
  throw new HttpError(
    429,
    isOfPerson ? "too_many_organizations" : "too_many_organizations_here",
    `${who} may create ${limiter.points} organizations a day. Try again in ${hours}`,
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
    daily("mailsOfPerson", mail.personId),
    daily("mailsOfOrganization", mail.organizationId),
    daily("mailsToAddress", mail.email),
    daily("mailsOfServer", ""),
  ]);
  return reached === undefined;
}
