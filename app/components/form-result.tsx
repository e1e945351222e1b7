import { quantity } from "@/lib/format/quantity";
import { snakeCase } from "@/lib/http/parse-query";
import { FlashMessage } from "./flash-message";
import { CheckIcon } from "./icons";
import { Notice } from "./notice";

type Messages = Record<string, string>;

/** @param subject the beginning of a sentence, for a name that lib/format/text.ts refuses. */
export function nameMessage(subject: string, lengthMax: number): string {
  return `${subject} must be 1 to ${lengthMax} characters long, with at least one visible character and no control characters.`;
}

const commonErrors: Messages = {
  busy: "Too many people are signing in right now. Try again in a few seconds.",
  unavailable: "The database didn’t respond, so nothing was changed. Try again in a moment.",
  failed: "Something went wrong on our side. The error has been logged.",
  signed_out: "You were signed out. Nothing was changed.",
  owners_only: "Only owners can do this. Nothing was changed.",
  too_many_exports: "Too many CSV files are being downloaded. Try again in a few seconds.",
  too_many_uploads: "Too many large files are being uploaded. Try again in a few seconds.",
  owners_and_admins_only: "Only owners and admins can do this. Nothing was changed.",
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Parameters = Record<string, string | string[] | undefined>;

function errorMessage({ error, retryAfter, requestId }: Parameters, errors: Messages): string | undefined {
  if (typeof error !== "string") return undefined;
  if (error === "too_many_attempts") {
    const minutes = Math.min(60, Math.max(1, Math.ceil(Number(retryAfter) / 60) || 1));
    return `Too many attempts. Try again in ${quantity(minutes, "minute")}.`;
  }
  const all = { ...commonErrors, ...errors };
  const message = Object.hasOwn(all, error) ? all[error] : "Something went wrong. Try again.";
  const isId = typeof requestId === "string" && uuid.test(requestId);
  return isId ? `${message} Request ID: ${requestId}` : message;
}

/**
 * What marks the field that a form's error is about, beside its message.
 *
 * @param fields the names of the fields that codes other than `invalid_<field>` are about.
 * @returns for the name of a field, what it adds to its props.
 */
export function errorProps(parameters: Parameters, errors: Messages, fields: Record<string, string> = {}) {
  const { error } = parameters;
  return (name: string): { error?: string | undefined; autoFocus?: true } => {
    if (typeof error !== "string") return {};
    const field = Object.hasOwn(fields, error) ? fields[error] : undefined;
    if (field !== name && error !== `invalid_${snakeCase(name)}`) return {};
    return { error: errorMessage(parameters, errors), autoFocus: true };
  };
}
export type ErrorProps = ReturnType<typeof errorProps>;

/**
 * The result of a form that redirected here with `?error=<code>` or `?done=<code>` (lib/http/form-endpoint.ts). Shows
 * texts of known codes only, so that a link cannot put words on the page.
 */
export function FormResult(props: { parameters: Parameters; errors: Messages; done?: Messages }) {
  const { parameters, errors, done = {} } = props;
  const error = errorMessage(parameters, errors);
  if (error) {
    return (
      <FlashMessage role="alert">
        <Notice variant="danger" isLive={false}>
          {error}
        </Notice>
      </FlashMessage>
    );
  }
  if (typeof parameters.done !== "string" || !Object.hasOwn(done, parameters.done)) return null;
  return (
    <FlashMessage role="status" className="flex items-start gap-2.5 bg-raised px-3.5 py-2.5">
      <span className="pt-0.5 text-completed">
        <CheckIcon />
      </span>
      {done[parameters.done]}
    </FlashMessage>
  );
}
