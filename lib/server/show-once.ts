import type { ServerResponse } from "node:http";
import { decode, encode } from "next-auth/jwt";
import { environment } from "../environment";
import { setCookie } from "../http/set-cookie";
import type { Person } from "../person";
import { currentAnswer } from "./answering";

// A secret is made by a form's door and shown by the page that follows. In between it lies sealed in a cookie, of
// which nobody can read anything but this server, for a minute; the page that shows it takes the cookie away.

/** Holds what the next page shows, sealed. */
export const shownOnceCookie = "batch-jobs.once";

const keptSeconds = 60;
const salt = "shown once";

/**
 * The `Set-Cookie` that carries a secret to the page at `path`.
 *
 * @param person for whom alone it is.
 * @param organizationId of which it is; the page of another one shall not show it.
 */
export async function keepToShow(
  secret: string,
  person: Person,
  path: string,
  organizationId: string,
): Promise<string> {
  const sealed = await encode({
    token: { sub: person.id, secret, path, organizationId },
    secret: environment().NEXTAUTH_SECRET,
    salt,
    maxAge: keptSeconds,
  });
  return setCookie(shownOnceCookie, sealed, path, keptSeconds);
}

// Next bundles this file more than once. And app/parts/shown-once.tsx reads the secret here, as it runs in the browser
// too and so cannot import this file; a property of a component would stand in the page a second time, in the data
// that Next sends along.
const shared = globalThis as {
  batchJobsSecrets?: WeakMap<ServerResponse, string>;
  batchJobsShownOnce?: () => string | undefined;
};
shared.batchJobsSecrets ??= new WeakMap();
const secrets = shared.batchJobsSecrets;
shared.batchJobsShownOnce ??= () => {
  const answer = currentAnswer();
  return answer && secrets.get(answer);
};

/**
 * Lets this answer's page show what the cookie holds, and makes the browser forget it.
 *
 * @param sealed the cookie's value: anything.
 * @returns whether there is something to show.
 */
export async function showOnce(
  sealed: string | undefined,
  person: Person,
  path: string,
  organizationId: string,
): Promise<boolean> {
  const answer = currentAnswer();
  // What a script of the page asks for draws no page.
  if (!sealed || !answer || answer.req.headers.rsc !== undefined) return false;
  const found = await decode({ token: sealed, secret: environment().NEXTAUTH_SECRET, salt }).catch(
    () => null,
  );
  if (found?.sub !== person.id || found.path !== path || found.organizationId !== organizationId)
    return false;
  if (typeof found.secret !== "string") return false;
  if (!secrets.has(answer)) answer.appendHeader("Set-Cookie", setCookie(shownOnceCookie, "", path, 0));
  secrets.set(answer, found.secret);
  return true;
}
