import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { Person } from "../access/person";
import { environment } from "../environment";
import { logError } from "../log";
import { sessionDaysMax } from "../sessions/session";
import { authCookies } from "./cookies";

/** What went wrong on our side during one request: next-auth would take it for a wrong password. */
export interface Failures {
  first?: unknown;
}

/** Starts a session for whoever the form proves to be; null for nobody. */
export type Authorize = () => Promise<{ id: string; sessionToken: string } | null>;

/**
 * next-auth with email and password, and sessions that the database holds. Its own way with credentials is
 * a signed token that nothing can end; here the "token" of its cookie is the random one of a row in
 * `sessions`, so what deletes the row ends every copy of the cookie.
 *
 * @param failures where errors of ours go, of which next-auth would make an answer of its own.
 * @param authorize called for a form whose CSRF token is right, and for no other.
 */
export function authOptions(failures: Failures, authorize: Authorize = async () => null): NextAuthOptions {
  async function noting<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
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
        authorize: () => noting(authorize),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ ...token, ...user }),
      session: ({ session }) => session,
    },
    jwt: {
      encode: async ({ token }) => String(token?.sessionToken),
      decode: ({ token = "" }) =>
        noting(async () => {
          const person = await Person.fromSession(token);
          return person ? { email: person.email, name: person.name, sessionToken: token } : null;
        }),
    },
    logger: {
      error: (code, details) => {
        // A cookie whose session is over is nothing to report.
        if (code !== "JWT_SESSION_ERROR") logError("next-auth failed", details, { code });
      },
      warn: () => {},
      debug: () => {},
    },
  };
}
