import { isTransient } from "../database/retry-read";
import { logError } from "../log";
import { currentRequestId } from "../server/current-response";
import { endpoint, json } from "./endpoint";
import { readForm } from "./form-body";
import { clearDraft, draftCookie, saveDraft } from "./form-draft";
import { HttpError } from "./http-error";
import { InvalidFields } from "./invalid-fields";
import { isFromAnotherAddress, isSameOrigin } from "./same-origin";

export interface FormOutcome {
  /** The path of this site to redirect to. */
  path: string;
  setCookies?: string[];
}

/** Errors that the form's page shows; the others are answered with the error body. */
const shownOnPage = [400, 401, 403, 404, 409, 422, 429, 503];

function redirect({ path, setCookies = [] }: FormOutcome, headers: Record<string, string> = {}): Response {
  // 303, so that reloading the page that follows does not send the form again (RFC 9110).
  const response = new Response(null, { status: 303, headers: { ...headers, Location: path } });
  for (const cookie of setCookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

/**
 * Handles a form without JavaScript: redirects to the next page or, after an error, back to the form's page with
 * `?error=<code>`. Programs that send `json=true` get JSON. So do forms from other sites, which could otherwise prefill
 * our form by having it rejected.
 *
 * @param failure the message of a failure on our side.
 * @param page the path to redirect to after an error; may have a query.
 * @param draftFields the fields to fill in again then; never a secret.
 * @param handle may add fields to the form.
 * @param read gives the form's fields.
 */
export function formEndpoint(
  failure: string,
  page: (form: Record<string, string>) => string,
  draftFields: string[],
  handle: (request: Request, form: Record<string, string>) => Promise<FormOutcome>,
  read: (request: Request) => Promise<Record<string, string>> = readForm,
) {
  return endpoint(failure, async (request) => {
    const form = await read(request);
    if (form.json === "true") {
      const { path, setCookies = [] } = await handle(request, form);
      const response = json({ url: path });
      for (const cookie of setCookies) response.headers.append("Set-Cookie", cookie);
      return response;
    }
    try {
      const outcome = await handle(request, form);
      const hasDraft = request.headers.get("cookie")?.includes(`${draftCookie}=`);
      return redirect({
        ...outcome,
        setCookies: [...(outcome.setCookies ?? []), ...(hasDraft ? [clearDraft(page(form))] : [])],
      });
    } catch (error) {
      if (error instanceof HttpError && isFromAnotherAddress(request.headers)) {
        return redirect({ path: `/wrong-address?path=${encodeURIComponent(page(form))}` });
      }
      const isShown = !(error instanceof HttpError) || shownOnPage.includes(error.status);
      if (!isShown || !isSameOrigin(request.headers)) throw error;
      const { parameters, headers } = describeError(error, failure);
      const path = page(form);
      const problems = error instanceof InvalidFields ? error.problems : {};
      return redirect(
        {
          path: `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`,
          setCookies: [saveDraft(form, draftFields, path, problems)],
        },
        headers,
      );
    }
  });
}

/** The parameters with which a form's page shows an error, and the headers of the redirect. Logs an error of ours. */
function describeError(
  error: unknown,
  failure: string,
): { parameters: Record<string, string>; headers: Record<string, string> } {
  if (error instanceof HttpError) {
    const retryAfter = error.headers["Retry-After"];
    return {
      parameters: { error: error.code, ...(retryAfter && { retryAfter }) },
      headers: error.headers,
    };
  }
  logError(failure, error);
  const requestId = currentRequestId();
  const parameters: Record<string, string> = requestId === undefined ? {} : { requestId };
  return isTransient(error)
    ? {
        parameters: { error: "unavailable", retryAfter: "1", ...parameters },
        headers: { "Retry-After": "1" },
      }
    : { parameters: { error: "failed", ...parameters }, headers: {} };
}
