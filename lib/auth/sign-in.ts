import { environment } from "../environment";
import { clientAddressHeader } from "../http/client-address";
import type { FormOutcome } from "../http/form-endpoint";
import { HttpError } from "../http/http-error";
import { returnPath } from "../http/return-path";
import { isSameOrigin, mustBeSameOrigin } from "../http/same-origin";
import { countRefusedSignIn } from "../server/counters";
import { endSession, startSession } from "../sessions/session";
import { type Account, authenticate, findAccount } from "../users/authenticate";
import { Email, passwordLengthMax } from "../users/schema";
import { authCookies, deviceCookieName, sessionCookieName } from "./cookies";
import { deviceSetCookie, findDevice } from "./device-cookie";
import { limitSignIn } from "./limit-attempts";
import { callNextAuth, type NextAuthResponse } from "./next-auth";

const missingCsrfToken = new HttpError(403, "missing_csrf_token", "Send the token of GET /api/auth/csrf");
const wrongCredentials = new HttpError(401, "wrong_credentials", "Incorrect email address or password.");

type Form = Record<string, string>;

/** The request's cookies for next-auth, except for that of the callback URL. */
function nextAuthCookies(cookies: Record<string, string>): Record<string, string> {
  const names = [authCookies().sessionToken.name, authCookies().csrfToken.name];
  return Object.fromEntries(names.flatMap((name) => (cookies[name] ? [[name, cookies[name]]] : [])));
}

/** next-auth's public endpoints: `csrf`, `session` and `providers`. */
export function readAuth(action: string, cookies: Record<string, string>): Promise<NextAuthResponse> {
  return callNextAuth({ method: "GET", action: [action], cookies: nextAuthCookies(cookies) });
}

/**
 * Adds a CSRF token to a form that a browser sends from our own pages, so that these need neither JavaScript nor an
 * earlier cookie. Other clients must send next-auth's token.
 */
async function withCsrfToken(headers: Headers, form: Form, requestCookies: Record<string, string>) {
  const cookies = nextAuthCookies(requestCookies);
  if (form.csrfToken !== undefined || !isSameOrigin(headers)) return { form, cookies };
  const { csrfToken } = authCookies();
  delete cookies[csrfToken.name];
  const { body, setCookies } = await callNextAuth({ method: "GET", action: ["csrf"], cookies });
  const value = setCookies.find((one) => one.startsWith(`${csrfToken.name}=`))?.split(/[=;]/)[1] ?? "";
  return {
    form: { ...form, csrfToken: (body as { csrfToken: string }).csrfToken },
    cookies: { ...cookies, [csrfToken.name]: decodeURIComponent(value) },
  };
}

/**
 * Signs a person in. An unknown email address and a wrong password take the same time and give the same answer.
 *
 * @throws HttpError 401, 403 for a form of another site, 429 with `Retry-After`, 503.
 */
export async function signIn(
  ...given: [headers: Headers, fields: Form, requestCookies: Record<string, string>]
): Promise<FormOutcome> {
  try {
    return await trySignIn(...given);
  } catch (error) {
    if (error instanceof HttpError) countRefusedSignIn(error.code);
    throw error;
  }
}

async function trySignIn(
  headers: Headers,
  fields: Form,
  requestCookies: Record<string, string>,
): Promise<FormOutcome> {
  refuseOtherSites(headers);
  const { password = "", callbackUrl } = fields;
  const { data: email } = Email.safeParse(fields.email);
  // Refusing what no account can have reveals nothing.
  if (email === undefined || [...password].length > passwordLengthMax) throw wrongCredentials;
  const deviceCookie = requestCookies[deviceCookieName()];
  let signedIn: Account | undefined;
  const authorize = async () => {
    const account = await findAccount(email);
    const attempt = {
      account: email,
      address: headers.get(clientAddressHeader) ?? "",
      device: account && findDevice(deviceCookie, account),
    };
    signedIn = await limitSignIn(attempt, () => authenticate(account, password));
    // A new token at each sign-in, against session fixation.
    const userAgent = headers.get("user-agent") ?? undefined;
    const sessionToken = signedIn && (await startSession(signedIn.id, signedIn.passwordHash, userAgent));
    return signedIn && sessionToken ? { id: signedIn.id, sessionToken } : null;
  };
  const path = returnPath(callbackUrl, environment().NEXTAUTH_URL);
  const { form, cookies } = await withCsrfToken(headers, fields, requestCookies);
  const { setCookies, location } = await callNextAuth({
    method: "POST",
    action: ["callback", "credentials"],
    form: { csrfToken: form.csrfToken ?? "", callbackUrl: path },
    cookies,
    authorize,
  });
  if (location?.endsWith("?csrf=true")) throw missingCsrfToken;
  if (!signedIn || !setCookies.some((cookie) => cookie.startsWith(`${sessionCookieName()}=`))) {
    throw wrongCredentials;
  }
  // Ends this browser's previous session (OWASP ASVS 7.2.4).
  await endSession(requestCookies[sessionCookieName()] ?? "");
  return { setCookies: [...setCookies, deviceSetCookie(deviceCookie, signedIn)], path };
}

/** Ends this browser's session. @throws HttpError 403 for a form of another site. */
export async function signOut(
  headers: Headers,
  fields: Form,
  requestCookies: Record<string, string>,
): Promise<FormOutcome> {
  refuseOtherSites(headers);
  const { form, cookies } = await withCsrfToken(headers, fields, requestCookies);
  const token = cookies[sessionCookieName()] ?? "";
  const { setCookies, location } = await callNextAuth({
    method: "POST",
    action: ["signout"],
    form: { csrfToken: form.csrfToken ?? "" },
    cookies,
  });
  if (location?.endsWith("?csrf=true")) throw missingCsrfToken;
  await endSession(token);
  const path = fields.callbackUrl ? returnPath(fields.callbackUrl, environment().NEXTAUTH_URL) : "/sign-in";
  return { setCookies, path };
}

/** Other clients than browsers send no origin; they need next-auth's CSRF token. */
function refuseOtherSites(headers: Headers): void {
  if (headers.has("origin") || headers.has("sec-fetch-site")) mustBeSameOrigin(headers);
}
