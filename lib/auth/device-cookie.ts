import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { environment } from "../environment";
import { setCookie } from "../http/set-cookie";
import type { Account } from "../users/authenticate";
import { deviceCookieName } from "./cookies";

// OWASP's "Slow Down Online Guessing Attacks with Device Cookies": a browser that has signed in gets a signed cookie,
// by which its next attempts are told from those of strangers. It signs nobody in.

/** As many accounts of one browser are remembered; the one that signed in longest ago is forgotten first. */
const accountsMax = 5;
const keptSeconds = 365 * 86_400;
const nonceLength = 22;

/** The signatures have the hash of the password in them, so another password ends all device cookies of the account. */
function sign(nonce: string, { email, passwordHash }: Account): string {
  return createHmac("sha256", environment().NEXTAUTH_SECRET)
    .update(["batch-jobs device", email, passwordHash, nonce].join("\n"))
    .digest("base64url");
}

function isSignedFor(account: Account) {
  return (token: string) => {
    const nonce = token.slice(0, nonceLength);
    return timingSafeEqual(Buffer.from(token), Buffer.from(nonce + sign(nonce, account)));
  };
}

function readTokens(cookie = ""): string[] {
  return cookie.split(".", accountsMax).filter((token) => /^[A-Za-z0-9_-]{65}$/.test(token));
}

/**
 * The device by which a browser is known to have signed in to an account before, with its present password.
 *
 * @param cookie the value of the device cookie: anything.
 * @returns a random word, another one for each sign-in; undefined for a browser that is not known.
 */
export function findDevice(cookie: string | undefined, account: Account): string | undefined {
  return readTokens(cookie).find(isSignedFor(account))?.slice(0, nonceLength);
}

/**
 * The `Set-Cookie` by which a browser is known the next time. Give it to whoever has just proven the password.
 *
 * @param cookie the value of the device cookie that the browser has; what it holds of other accounts is kept.
 */
export function deviceSetCookie(cookie: string | undefined, account: Account): string {
  const isOurs = isSignedFor(account);
  const others = readTokens(cookie).filter((token) => !isOurs(token));
  const nonce = randomBytes(16).toString("base64url");
  const tokens = [nonce + sign(nonce, account), ...others].slice(0, accountsMax);
  return setCookie(deviceCookieName(), tokens.join("."), "/", keptSeconds);
}
