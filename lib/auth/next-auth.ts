import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { authCookies } from "./cookies";
import { type Authorize, authOptions, type Failures } from "./options";

export interface AuthRequest {
  method: "GET" | "POST";
  /** As in `/api/auth/callback/credentials`: the words after `/api/auth/`. */
  action: string[];
  form?: Record<string, string>;
  cookies: Record<string, string>;
  /** Signs in, once next-auth has found the form's CSRF token to be right. */
  authorize?: Authorize;
}

export interface AuthAnswer {
  /** Values of `Set-Cookie`. */
  setCookies: string[];
  location: string | undefined;
  body: unknown;
}

/**
 * Asks next-auth, with what we have read and checked ourselves: its handler for routes would read the body
 * and the cookies once more, and answers some of them with a 500 (T44 and T48 of reliability.md).
 *
 * @throws what failed on our side, instead of calling it a wrong password.
 */
export async function askNextAuth(request: AuthRequest): Promise<AuthAnswer> {
  const failures: Failures = {};
  const answer: AuthAnswer = { setCookies: [], location: undefined, body: undefined };
  const end = (body?: unknown) => {
    answer.body = body;
  };
  const response = {
    status: () => response,
    getHeader: (name: string) => (name === "Set-Cookie" ? answer.setCookies : undefined),
    setHeader(name: string, value: string & string[]) {
      if (name === "Set-Cookie") answer.setCookies = value;
      if (name === "Location") answer.location = value;
    },
    end,
    send: end,
    json: end,
  };
  const asked = {
    method: request.method,
    query: { nextauth: request.action },
    body: request.form,
    cookies: request.cookies,
    headers: {},
  };
  // Of either interface next-auth uses no more than is here (node_modules/next-auth/next/index.js).
  await NextAuth(
    asked as unknown as NextApiRequest,
    response as unknown as NextApiResponse,
    authOptions(failures, request.authorize),
  );
  if (failures.first !== undefined) throw failures.first;
  // Where to go afterwards, our own forms say each time; nothing shall remember it.
  const remembered = `${authCookies().callbackUrl.name}=`;
  answer.setCookies = answer.setCookies.filter((cookie) => !cookie.startsWith(remembered));
  return answer;
}
