import type { ServerResponse } from "node:http";
import { environment } from "../environment";
import { type Line, logRepeatable, logSoon } from "../log";
import { callerOf, errorCodeOf, requestIdHeader } from "./current-response";
import type { FinishedRequest } from "./observe-request";

/**
 * Logs a request as LOG_REQUESTS wants it: those that failed, all, or none. Failures of the same route, status,
 * error code, organization and API key are logged once a second. No line has a path, a query, a body or a secret.
 */
export function logRequest(request: FinishedRequest, response: ServerResponse): void {
  const { LOG_REQUESTS } = environment();
  const { method, route, status, ms } = request;
  const isFailure = status >= 400;
  if (LOG_REQUESTS === "off" || (LOG_REQUESTS === "errors" && !isFailure)) return;
  const { organizationId, apiKeyStart } = callerOf(response);
  const level = status >= 500 ? "error" : isFailure ? "warn" : "info";
  const line: Line = {
    level,
    message: "request",
    requestId: String(response.getHeader(requestIdHeader)),
    method,
    route,
    status,
    code: request.isDisconnected ? undefined : errorCodeOf(response),
    disconnected: request.isDisconnected || undefined,
    ms: Math.round(ms * 10) / 10,
    organizationId,
    apiKeyStart,
  };
  if (!isFailure) {
    logSoon(line);
    return;
  }
  const { requestId: _id, ms: _ms, ...common } = line;
  // A client can make up any number of keys; with an organization, the key exists.
  logRepeatable(line, organizationId === undefined ? { ...common, apiKeyStart: undefined } : common);
}
