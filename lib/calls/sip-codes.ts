/** Status codes of SIP (RFC 3261, section 21; RFC 8197; RFC 8688), in words that people know. */
const words: Record<string, string> = {
  400: "bad request",
  401: "not authorized",
  402: "payment required",
  403: "forbidden",
  404: "number not found",
  408: "no response in time",
  410: "number no longer exists",
  480: "temporarily unavailable",
  484: "number incomplete",
  486: "busy",
  487: "ended before it was answered",
  488: "not acceptable",
  500: "server error",
  502: "bad gateway",
  503: "service unavailable",
  504: "gateway did not respond in time",
  600: "busy everywhere",
  603: "declined",
  604: "number does not exist",
  606: "not acceptable",
  607: "unwanted",
  608: "rejected",
};

export function describeSipCode(code: string): string | undefined {
  return Object.hasOwn(words, code) ? words[code] : undefined;
}

/** Whether an error code has the form of one of SIP. */
export function isSipCode(code: string): boolean {
  return /^[1-6]\d\d$/.test(code);
}
