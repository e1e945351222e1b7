import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { environment } from "../environment";
import { setCookie } from "../http/set-cookie";
import type { Account } from "../users/authenticate";
import { deviceCookieName } from "./cookies";

// OWASP's "Slow Down Online Guessing Attacks with Device Cookies": a browser that has signed in gets a signed cookie
// that distinguishes its next attempts from those of strangers. It signs nobody in.

/** Per browser; the one that signed in longest ago is dropped first. */
const accountsMax = 5;
const maxAgeSeconds = 365 * 86_400;
const nonceLength = 22;

/** The signature covers the password's hash, so that a new password invalidates the account's device cookies. */
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
 * The device of a browser that has signed in to the account before, with its current password.
 *
 * @param cookie the device cookie's value, not validated yet.
 * @returns a random ID, new with each sign-in; undefined for any other browser.
 */
export function findDevice(cookie: string | undefined, account: Account): string | undefined {
  return readTokens(cookie).find(isSignedFor(account))?.slice(0, nonceLength);
}

/**
 * The `Set-Cookie` for a browser that has just signed in.
 *
 * @param cookie the value of its device cookie; other accounts in it are preserved.
 */
export function deviceSetCookie(cookie: string | undefined, account: Account): string {
  const isOurs = isSignedFor(account);
  const others = readTokens(cookie).filter((token) => !isOurs(token));
  const nonce = randomBytes(16).toString("base64url");
  const tokens = [nonce + sign(nonce, account), ...others].slice(0, accountsMax);
  return setCookie(deviceCookieName(), tokens.join("."), "/", maxAgeSeconds);
}
