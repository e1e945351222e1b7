import { cookies } from "next/headers";
import { readAuth, signIn, signOut } from "@/lib/auth/sign-in";
import { endpoint, json } from "@/lib/http/endpoint";
import { formEndpoint } from "@/lib/http/form-endpoint";
import { HttpError } from "@/lib/http/http-error";
import { allow } from "@/lib/http/methods";
import { returnPath } from "@/lib/http/return-path";

/** next-auth's addresses that are open here, below `/api/auth/`; there is nothing at its others. */
const readable = ["csrf", "session", "providers"];
const forms = { "callback/credentials": signIn, signout: signOut };

function actionOf(request: Request): string {
  return new URL(request.url).pathname.slice("/api/auth/".length);
}

async function allCookies(): Promise<Record<string, string>> {
  return Object.fromEntries((await cookies()).getAll().map(({ name, value }) => [name, value]));
}

const [reading, posting] = [allow("GET", "HEAD", "OPTIONS"), allow("POST", "OPTIONS")];

/** What is not there, and methods that are not for what is. */
function otherwise(request: Request): Promise<Response> | Response {
  const action = actionOf(request);
  const methods = readable.includes(action) ? reading : Object.hasOwn(forms, action) ? posting : undefined;
  if (methods) return request.method === "OPTIONS" ? methods.options(request) : methods.notAllowed(request);
  return notFound(request);
}

const notFound = endpoint("Failed to answer", () => {
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

export function GET(request: Request) {
  return readable.includes(actionOf(request)) ? read(request) : otherwise(request);
}

export function POST(request: Request) {
  return Object.hasOwn(forms, actionOf(request)) ? post(request) : otherwise(request);
}

export { otherwise as DELETE, otherwise as OPTIONS, otherwise as PATCH, otherwise as PUT };
