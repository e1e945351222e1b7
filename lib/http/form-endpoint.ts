import { isTransient } from "../database/retry-read";
import { logError } from "../log";
import { currentRequestId } from "../server/current-response";
import { endpoint, json } from "./endpoint";
import { readForm } from "./form-body";
import { clearDraft, draftCookie, saveDraft } from "./form-draft";
import { HttpError } from "./http-error";
import { isFromAnotherAddress, isSameOrigin } from "./same-origin";

export interface FormOutcome {
  /** Where the browser goes now: a path of ours. */
  path: string;
  /** Values of `Set-Cookie`. */
  setCookies?: string[];
}

/** What the page of the form tells the person at it; the rest is answered as a program would want it. */
const toldOnPage = [400, 401, 403, 404, 409, 422, 429, 503];

function goTo({ path, setCookies = [] }: FormOutcome, headers: Record<string, string> = {}): Response {
  // 303, so that reloading the page that follows does not send the form again (RFC 9110).
  const response = new Response(null, { status: 303, headers: { ...headers, Location: path } });
  for (const cookie of setCookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

/**
 * A door for a form of ours: done, it leads on to another page; refused, back to the form's own page with
 * `?error=<code>`, which says it in words. So it works without JavaScript. A program that sends `json=true`
 * gets JSON instead. What does not come from a page of ours is refused in JSON, too: another site could fill in a form of
 * ours by having it refused, for the person who is signed in to send.
 *
 * @param failure a sentence for a failure on our side.
 * @param page where to go when the form is refused: a path, perhaps with a query.
 * @param kept the fields that need not be typed again then. Never a secret one.
 */
export function formEndpoint(
  failure: string,
  page: (form: Record<string, string>) => string,
  kept: string[],
  handle: (request: Request, form: Record<string, string>) => Promise<FormOutcome>,
) {
  return endpoint(failure, async (request) => {
    const form = await readForm(request);
    if (form.json === "true") {
      const { path, setCookies = [] } = await handle(request, form);
      const response = json({ url: path });
      for (const cookie of setCookies) response.headers.append("Set-Cookie", cookie);
      return response;
    }
    try {
      const outcome = await handle(request, form);
      const hasKept = request.headers.get("cookie")?.includes(`${draftCookie}=`);
      return goTo({
        ...outcome,
        setCookies: [...(outcome.setCookies ?? []), ...(hasKept ? [clearDraft(page(form))] : [])],
      });
    } catch (error) {
      if (error instanceof HttpError && isFromAnotherAddress(request.headers)) {
        return goTo({ path: `/wrong-address?path=${encodeURIComponent(page(form))}` });
      }
      if (!isSameOrigin(request.headers)) throw error;
      const back = (code: string, headers: Record<string, string>, requestId?: string) => {
        const wait = headers["Retry-After"];
        const path = page(form);
        const words = [
          `error=${code}`,
          ...(wait === undefined ? [] : [`retryAfter=${wait}`]),
          ...(requestId === undefined ? [] : [`requestId=${requestId}`]),
        ].join("&");
        return goTo(
          {
            path: `${path}${path.includes("?") ? "&" : "?"}${words}`,
            setCookies: [saveDraft(form, kept, path)],
          },
          headers,
        );
      };
      if (error instanceof HttpError && toldOnPage.includes(error.status)) {
        return back(error.code, error.headers);
      }
      if (error instanceof HttpError) throw error;
      logError(failure, error);
      return isTransient(error)
        ? back("unavailable", { "Retry-After": "1" }, currentRequestId())
        : back("failed", {}, currentRequestId());
    }
  });
}
