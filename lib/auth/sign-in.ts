import { environment } from "../environment";
import { clientAddressHeader } from "../http/client-address";
import type { FormOutcome } from "../http/form-endpoint";
import { HttpError } from "../http/http-error";
import { returnPath } from "../http/return-path";
import { isSameOrigin, mustBeSameOrigin } from "../http/same-origin";
import { endSession, startSession } from "../sessions/session";
import { type Account, authenticate, findAccount } from "../users/authenticate";
import { Email, passwordLengthMax } from "../users/schema";
import { authCookies, deviceCookieName, sessionCookieName } from "./cookies";
import { deviceSetCookie, findDevice } from "./device-cookie";
import { type AuthAnswer, askNextAuth } from "./next-auth";
import { countSignIn } from "./throttle";

const missingCsrfToken = new HttpError(403, "missing_csrf_token", "Send the token of GET /api/auth/csrf");
const doesNotMatch = new HttpError(401, "wrong_credentials", "Incorrect email address or password.");

type Form = Record<string, string>;

/** Of the cookies that came, those that next-auth shall see: not the one of a callback address. */
function ownCookies(cookies: Record<string, string>): Record<string, string> {
  const names = [authCookies().sessionToken.name, authCookies().csrfToken.name];
  return Object.fromEntries(names.flatMap((name) => (cookies[name] ? [[name, cookies[name]]] : [])));
}

/** What next-auth tells anybody: a CSRF token, who is signed in, how one can sign in. */
export function readAuth(action: string, cookies: Record<string, string>): Promise<AuthAnswer> {
  return askNextAuth({ method: "GET", action: [action], cookies: ownCookies(cookies) });
}

/**
 * Gives a form its CSRF token where a browser says that it comes from a page of ours, so that our forms
 * work without JavaScript and without a cookie beforehand. All others bring next-auth's token.
 */
async function withCsrfToken(headers: Headers, form: Form, given: Record<string, string>) {
  const cookies = ownCookies(given);
  if (form.csrfToken !== undefined || !isSameOrigin(headers)) return { form, cookies };
  const { csrfToken } = authCookies();
  delete cookies[csrfToken.name];
  const { body, setCookies } = await askNextAuth({ method: "GET", action: ["csrf"], cookies });
  const value = setCookies.find((one) => one.startsWith(`${csrfToken.name}=`))?.split(/[=;]/)[1] ?? "";
  return {
    form: { ...form, csrfToken: (body as { csrfToken: string }).csrfToken },
    cookies: { ...cookies, [csrfToken.name]: decodeURIComponent(value) },
  };
}

/**
 * Signs a person in. Whoever has no account, or another password, waits as long and reads the same.
 *
 * @throws HttpError 400 for what cannot be right, 401, 403 for a form of another site, 429 with `Retry-After`.
 */
export async function signIn(
  headers: Headers,
  given: Form,
  givenCookies: Record<string, string>,
): Promise<FormOutcome> {
  refuseOtherSites(headers);
  const { password = "", callbackUrl } = given;
  const { data: email } = Email.safeParse(given.email);
  // What nobody can have is refused at once; to see that takes no account.
  if (email === undefined || [...password].length > passwordLengthMax) throw doesNotMatch;
  const givenDevice = givenCookies[deviceCookieName()];
  let signedIn: Account | undefined;
  const authorize = async () => {
    const account = await findAccount(email);
    const attempt = {
      account: email,
      address: headers.get(clientAddressHeader) ?? "",
      device: account && findDevice(givenDevice, account),
    };
    signedIn = await countSignIn(attempt, () => authenticate(account, password));
    // A new token at each sign-in, so that nobody can be given one beforehand (session fixation).
    const userAgent = headers.get("user-agent") ?? undefined;
    const sessionToken = signedIn && (await startSession(signedIn.id, signedIn.passwordHash, userAgent));
    return signedIn && sessionToken ? { id: signedIn.id, sessionToken } : null;
  };
  const path = returnPath(callbackUrl, environment().NEXTAUTH_URL);
  const { form, cookies } = await withCsrfToken(headers, given, givenCookies);
  const { setCookies, location } = await askNextAuth({
    method: "POST",
    action: ["callback", "credentials"],
    form: { csrfToken: form.csrfToken ?? "", callbackUrl: path },
    cookies,
    authorize,
  });
  if (location?.endsWith("?csrf=true")) throw missingCsrfToken;
  if (!signedIn || !setCookies.some((cookie) => cookie.startsWith(`${sessionCookieName()}=`))) {
    throw doesNotMatch;
  }
  // The session that this browser had until now is over (OWASP ASVS 7.2.4).
  await endSession(givenCookies[sessionCookieName()] ?? "");
  return { setCookies: [...setCookies, deviceSetCookie(givenDevice, signedIn)], path };
}

/**
 * Ends the session of this browser, wherever its cookie was copied to. A form may say where to go then.
 *
 * @throws HttpError 403 as above.
 */
export async function signOut(
  headers: Headers,
  given: Form,
  givenCookies: Record<string, string>,
): Promise<FormOutcome> {
  refuseOtherSites(headers);
  const { form, cookies } = await withCsrfToken(headers, given, givenCookies);
  const token = cookies[sessionCookieName()] ?? "";
  const { setCookies, location } = await askNextAuth({
    method: "POST",
    action: ["signout"],
    form: { csrfToken: form.csrfToken ?? "" },
    cookies,
  });
  if (location?.endsWith("?csrf=true")) throw missingCsrfToken;
  await endSession(token);
  const path = given.callbackUrl ? returnPath(given.callbackUrl, environment().NEXTAUTH_URL) : "/sign-in";
  return { setCookies, path };
}

/** A program that is no browser says nothing of its origin; next-auth's token then decides. */
function refuseOtherSites(headers: Headers): void {
  if (headers.has("origin") || headers.has("sec-fetch-site")) mustBeSameOrigin(headers);
}
