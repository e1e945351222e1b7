import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { Person } from "@/lib/access/person";
import { deviceCookieName, sessionCookieName } from "@/lib/auth/cookies";
import { retryRead } from "@/lib/database/retry-read";
import { currentTimeZone, isTimeZone, resolveTimeZone, timeZoneCookie } from "@/lib/format/time-zone";

/**
 * Who is signed in in this browser; undefined when nobody is.
 *
 * @param isByHand whether a person did something; a page that asks by itself keeps no session alive.
 */
export async function findPerson(isByHand = true): Promise<Person | undefined> {
  const token = (await cookies()).get(sessionCookieName())?.value;
  return retryRead(() => Person.fromSession(token, isByHand));
}

/** What the browser calls itself, and its device cookie, for whoever is to be signed in in it. */
export async function readBrowser(headers: Headers) {
  return {
    userAgent: headers.get("user-agent") ?? undefined,
    deviceCookie: (await cookies()).get(deviceCookieName())?.value,
  };
}

/**
 * The first line of every page for signed-in people.
 *
 * @param path of that page, to come back to.
 * @param error of the page's address: where a form came too late, signing in says so.
 */
export async function signedIn(path: string, error?: unknown): Promise<Person> {
  const why = error === "signed_out" ? "&error=signed_out" : "";
  return (await findPerson()) ?? redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}${why}`);
}

export interface ShownZone {
  /** In which times are written. */
  name: string;
  /** What the browser says of itself; undefined before its first script ran. */
  ofBrowser: string | undefined;
  isChosen: boolean;
}

export async function shownZone(person: Person): Promise<ShownZone> {
  const cookie = (await cookies()).get(timeZoneCookie)?.value;
  const ofBrowser = cookie !== undefined && isTimeZone(cookie) ? currentTimeZone(cookie) : undefined;
  return { name: resolveTimeZone(person.timeZone, ofBrowser), ofBrowser, isChosen: person.timeZone !== null };
}
