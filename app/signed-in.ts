import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { Person } from "@/lib/access/person";
import { Viewer } from "@/lib/access/viewer";
import { deviceCookieName, sessionCookieName } from "@/lib/auth/cookies";
import { retryRead } from "@/lib/database/retry-read";
import { currentTimeZone, isTimeZone, resolveTimeZone, timeZoneCookie } from "@/lib/format/time-zone";
import { type Draft, draftCookie, parseDraft } from "@/lib/http/form-draft";
import { HttpError } from "@/lib/http/http-error";

/** @param isUserAction false for a page that refreshes itself, which keeps no session alive. */
export async function findPerson(isUserAction = true): Promise<Person | undefined> {
  const token = (await cookies()).get(sessionCookieName())?.value;
  return retryRead(() => Person.fromSession(token, isUserAction));
}

/** For routes that scripts of a page ask. */
export const signedOut = new HttpError(401, "signed_out", "Sign in to see this");

/** What signing in records about the browser. */
export async function readBrowser(headers: Headers) {
  return {
    userAgent: headers.get("user-agent") ?? undefined,
    deviceCookie: (await cookies()).get(deviceCookieName())?.value,
  };
}

/**
 * The first line of every page for signed-in people.
 *
 * @param path of that page, to return to.
 * @param error of the page's address: a form that came after the session had ended is explained at the sign-in.
 * @param isUserAction as of findPerson.
 */
export async function signedIn(path: string, error?: unknown, isUserAction = true): Promise<Person> {
  const reason = error === "signed_out" ? "&error=signed_out" : "";
  return (
    (await findPerson(isUserAction)) ?? redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}${reason}`)
  );
}

export interface ShownZone {
  name: string;
  /** The browser's; undefined before its first script ran. */
  ofBrowser: string | undefined;
  isChosen: boolean;
}

export async function shownZone(person: Person): Promise<ShownZone> {
  const cookie = (await cookies()).get(timeZoneCookie)?.value;
  const ofBrowser = cookie !== undefined && isTimeZone(cookie) ? currentTimeZone(cookie) : undefined;
  return { name: resolveTimeZone(person.timeZone, ofBrowser), ofBrowser, isChosen: person.timeZone !== null };
}

/** For an address without an organization: the one used last, else any. */
export async function firstOrganization(person: Person): Promise<string | undefined> {
  const { lastOrganizationId, someMemberships } = person;
  const last = lastOrganizationId === null ? undefined : await person.findMembership(lastOrganizationId);
  return (last ?? someMemberships[0])?.organizationId;
}

/** @returns undefined where the person is not a member or there is no such organization. */
export async function findViewer(person: Person, organizationId: string): Promise<Viewer | undefined> {
  try {
    return await Viewer.fromPerson(person, organizationId);
  } catch (error) {
    if (error instanceof HttpError) return undefined;
    throw error;
  }
}

/**
 * What was typed into a form that was refused.
 *
 * @param organizationId of the page: what was typed for another organization is left out.
 */
export async function readDraft(organizationId?: string): Promise<Record<string, string>> {
  return (await readFullDraft(organizationId)).fields;
}

/** The same with the problems of the fields. */
export async function readFullDraft(organizationId?: string): Promise<Draft> {
  return parseDraft((await cookies()).get(draftCookie)?.value, organizationId);
}
