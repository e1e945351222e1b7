import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { Person } from "../access/person";
import { environment } from "../environment";
import { logError } from "../log";
import { sessionDaysMax } from "../sessions/session";
import { authCookies } from "./cookies";

/** Our own errors of one request, which next-auth would report as a wrong password. */
export interface Failures {
  first?: unknown;
}

/** Starts a session; null for wrong credentials. */
export type Authorize = () => Promise<{ id: string; sessionToken: string } | null>;

/**
 * next-auth with email and password, and sessions in the database. With credentials it only supports JWTs, which cannot
 * be revoked; here its "JWT" is the random token of a row in `sessions`, so that deleting the row ends every copy.
 *
 * @param failures receives our own errors.
 * @param authorize called only for a form with a valid CSRF token.
 */
export function authOptions(failures: Failures, authorize: Authorize = async () => null): NextAuthOptions {
  async function recordFailure<T>(run: () => Promise<T>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      failures.first ??= error;
      return null;
    }
  }

  return {
    secret: environment().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: sessionDaysMax * 86_400 },
    cookies: authCookies(),
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        authorize: () => recordFailure(authorize),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ ...token, ...user }),
      session: ({ session }) => session,
    },
    jwt: {
      encode: async ({ token }) => String(token?.sessionToken),
      decode: ({ token = "" }) =>
        recordFailure(async () => {
          const person = await Person.fromSession(token);
          return person ? { email: person.email, name: person.name, sessionToken: token } : null;
        }),
    },
    logger: {
      error: (code, details) => {
        // An ended session is not an error.
        if (code !== "JWT_SESSION_ERROR") logError("next-auth failed", details, { code });
      },
      warn: () => {},
      debug: () => {},
    },
  };
}
