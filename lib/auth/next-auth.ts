import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { authCookies } from "./cookies";
import { type Authorize, authOptions, type Failures } from "./options";

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
