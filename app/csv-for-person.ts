import { cookies } from "next/headers";
import { Person } from "@/lib/access/person";
import { Viewer } from "@/lib/access/viewer";
import { sessionCookieName } from "@/lib/auth/cookies";
import { localTime } from "@/lib/format/local-time";
import { HttpError } from "@/lib/http/http-error";
import { findPerson, shownZone, signedOut } from "./signed-in";

/** To a page, as it is people who follow the link. */
const redirect = (path: string) => new Response(null, { status: 303, headers: { Location: path } });

interface Export {
  /** Finds the viewer anew for each part of the file, so that it ends when the session does. */
  authorize: (isNewRequest: boolean, organizationId: string) => Promise<Viewer>;
  /** Today in the person's time zone. */
  date: string;
}

/**
 * Answers with a CSV file for someone who is signed in.
 *
 * @param page the path of the page that links to the file, with a query: where to go after signing in, and to be told that
 *   too many files are being downloaded.
 */
export async function csvForPerson(
  page: string,
  respond: (given: Export) => Promise<Response>,
): Promise<Response> {
  const reader = await findPerson();
  if (!reader) return redirect(`/sign-in?callbackUrl=${encodeURIComponent(page)}`);
  const token = (await cookies()).get(sessionCookieName())?.value;
  const authorize = async (isNewRequest: boolean, organizationId: string) => {
    const person = isNewRequest ? reader : await Person.fromSession(token, false);
    if (!person) throw signedOut;
    return Viewer.fromPerson(person, organizationId);
  };
  const { date } = localTime(new Date(), (await shownZone(reader)).name);
  try {
    return await respond({ authorize, date });
  } catch (error) {
    if (error instanceof HttpError && error.status === 429) return redirect(`${page}&error=${error.code}`);
    throw error;
  }
}
