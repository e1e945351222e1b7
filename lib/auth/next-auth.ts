import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth, { type NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { Person } from "../access/person";
import { environment } from "../environment";
import { logError } from "../log";
import { sessionDaysMax } from "../sessions/session";
import { authCookies } from "./cookies";

/** Our own errors of one request, which next-auth would report as a wrong password. */
interface Failures {
  first?: unknown;
}

/** Starts a session; null for wrong credentials. */
type Authorize = () => Promise<{ id: string; sessionToken: string } | null>;

/**
 * next-auth with email and password, and sessions in the database. With credentials it only supports JWTs, which cannot
 * be revoked; here its "JWT" is the random token of a row in `sessions`, so that deleting the row ends every copy.
 *
 * @param failures receives our own errors.
 * @param authorize called only for a form with a valid CSRF token.
 */
function authOptions(failures: Failures, authorize: Authorize = async () => null): NextAuthOptions {
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

interface NextAuthRequest {
  method: "GET" | "POST";
  /** The path's segments after `/api/auth/`. */
  action: string[];
  form?: Record<string, string>;
  cookies: Record<string, string>;
  /** Called once next-auth has verified the form's CSRF token. */
  authorize?: Authorize;
}

export interface NextAuthResponse {
  /** Values of `Set-Cookie`. */
  setCookies: string[];
  location: string | undefined;
  body: unknown;
}

/**
 * Calls next-auth with a body and cookies that are already validated: its own route handler would read them again, and
 * answers some malformed ones with a 500.
 *
 * @throws our own errors, which next-auth would report as a wrong password.
 */
export async function callNextAuth(request: NextAuthRequest): Promise<NextAuthResponse> {
  const failures: Failures = {};
  const result: NextAuthResponse = { setCookies: [], location: undefined, body: undefined };
  const end = (body?: unknown) => {
    result.body = body;
  };
  const response = {
    status: () => response,
    getHeader: (name: string) => (name === "Set-Cookie" ? result.setCookies : undefined),
    setHeader(name: string, value: string & string[]) {
      if (name === "Set-Cookie") result.setCookies = value;
      if (name === "Location") result.location = value;
    },
    end,
    send: end,
    json: end,
  };
  const apiRequest = {
    method: request.method,
    query: { nextauth: request.action },
    body: request.form,
    cookies: request.cookies,
    headers: {},
  };
  // next-auth uses no other members (node_modules/next-auth/next/index.js).
  await NextAuth(
    apiRequest as unknown as NextApiRequest,
    response as unknown as NextApiResponse,
    authOptions(failures, request.authorize),
  );
  if (failures.first !== undefined) throw failures.first;
  // Our forms send their callbackUrl each time.
  const callbackUrl = `${authCookies().callbackUrl.name}=`;
  result.setCookies = result.setCookies.filter((cookie) => !cookie.startsWith(callbackUrl));
  return result;
}
