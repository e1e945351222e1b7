import { quantity } from "@/lib/format/quantity";

/** What is said of a name that lib/format/text.ts refuses. @param subject as the beginning of a sentence. */
export function nameMessage(subject: string, lengthMax: number): string {
  return `${subject} must have 1 to ${lengthMax} characters, one of them visible, and no control characters.`;
}

const common: Record<string, string> = {
  busy: "Too many people are signing in right now. Try again in a few seconds.",
  unavailable: "The database didn’t respond, so nothing was changed. Try again in a moment.",
  failed: "That did not work. The failure is ours, and has been logged.",
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What to say above a form that was sent and refused: its action leads back with `?error=<code>`
 * (lib/http/form-endpoint.ts). Only codes become sentences, so an address cannot put words into our mouth.
 */
export function messageOf(
  parameters: Record<string, string | string[] | undefined>,
  messages: Record<string, string>,
): string | undefined {
  const { error, retryAfter, requestId } = parameters;
  if (typeof error !== "string") return undefined;
  if (error === "too_many_attempts") {
    const minutes = Math.min(60, Math.max(1, Math.ceil(Number(retryAfter) / 60) || 1));
    return `Too many attempts. Try again in ${quantity(minutes, "minute")}.`;
  }
  const all = { ...common, ...messages };
  const sentence = Object.hasOwn(all, error) ? all[error] : "Something went wrong. Try again.";
  // Of a failure of ours, by which it is found in the log.
  const isId = typeof requestId === "string" && uuid.test(requestId);
  return isId ? `${sentence} Request ID: ${requestId}` : sentence;
}
