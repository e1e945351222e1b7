import { cookies } from "next/headers";
import { readAuth, signIn, signOut } from "@/lib/auth/sign-in";
import { endpoint, json } from "@/lib/http/endpoint";
import { formEndpoint } from "@/lib/http/form-endpoint";
import { HttpError } from "@/lib/http/http-error";
import { everyMethod, routeMethods } from "@/lib/http/methods";
import { returnPath } from "@/lib/http/return-path";

/** The paths of next-auth that are open, below `/api/auth/`; others are not found. */
const readable = ["csrf", "session", "providers"];
const forms = { "callback/credentials": signIn, signout: signOut };

function actionOf(request: Request): string {
  return new URL(request.url).pathname.slice("/api/auth/".length);
}

async function allCookies(): Promise<Record<string, string>> {
  return Object.fromEntries((await cookies()).getAll().map(({ name, value }) => [name, value]));
}

const notFound = endpoint("Failed to handle the request", () => {
  throw new HttpError(404, "not_found", "Page not found");
});

const read = endpoint("Failed to read the session", async (request) => {
  const { body, setCookies } = await readAuth(actionOf(request), await allCookies());
  const response = json(body);
  for (const cookie of setCookies) response.headers.append("Set-Cookie", cookie);
  return response;
});

const post = formEndpoint(
  "Failed to sign in or out",
  ({ callbackUrl }) => `/sign-in?callbackUrl=${encodeURIComponent(returnPath(callbackUrl))}`,
  ["email"],
  async (request, form) =>
    forms[actionOf(request) as keyof typeof forms](request.headers, form, await allCookies()),
);

const [reading, posting] = [routeMethods({ GET: read }), routeMethods({ POST: post })];

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = everyMethod((request) => {
  const action = actionOf(request);
  const methods = readable.includes(action) ? reading : Object.hasOwn(forms, action) ? posting : undefined;
  const method = request.method === "HEAD" ? "GET" : request.method;
  return (methods?.[method as keyof typeof reading] ?? notFound)(request);
});
