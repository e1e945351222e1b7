import { randomUUID } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { errorBody, headersOfEveryAnswer, jsonType, methodNotAllowed } from "../http/answer";
import { Refusal } from "../refusal";

const allowedMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What Next itself would answer with a 500, or would read in two ways. */
function findRefusal(request: IncomingMessage): Refusal | undefined {
  const { method = "", url = "", rawHeaders } = request;
  if (!allowedMethods.includes(method)) {
    return methodNotAllowed(method, "GET, HEAD, OPTIONS");
  }
  if (!url.startsWith("/")) {
    return new Refusal(400, "invalid_target", "The request target must be a path");
  }
  if (!isDecodable(url)) {
    return new Refusal(400, "invalid_target", "The path is not valid percent-encoding");
  }
  const authorizations = rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.toLowerCase() === "authorization",
  );
  if (authorizations.length > 1) {
    return new Refusal(400, "repeated_authorization", "The Authorization header must come once");
  }
  return undefined;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function answer(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, {
    ...jsonType,
    ...headersOfEveryAnswer(randomUUID()),
    ...refusal.headers,
  });
  response.end(errorBody(refusal));
}

/**
 * Refuses at the door of this process's HTTP servers what route code cannot reach: `TRACE` and other
 * methods, targets that are no path (`GET *`), a second Authorization header of which Node would drop one.
 */
export function guardHttpServers(): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (event: string, ...rest: unknown[]) {
    if (event === "request") {
      const [request, response] = rest as [IncomingMessage, ServerResponse];
      const refused = findRefusal(request);
      if (refused) {
        answer(response, refused);
        return true;
      }
    }
    return emit.apply(this, [event, ...rest] as never);
  };
}
