import { randomUUID } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";

const allowedMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

interface Refused {
  status: number;
  code: string;
  detail: string;
}

/** What Next itself would answer with a 500, or would read in two ways. */
function findRefusal(request: IncomingMessage): Refused | undefined {
  const { method = "", url = "", rawHeaders } = request;
  if (!allowedMethods.includes(method)) {
    return { status: 405, code: "method_not_allowed", detail: `Method ${method} is not allowed here` };
  }
  if (!url.startsWith("/")) {
    return { status: 400, code: "invalid_target", detail: "The request target must be a path" };
  }
  if (!isDecodable(url)) {
    return { status: 400, code: "invalid_target", detail: "The path is not valid percent-encoding" };
  }
  const authorizations = rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.toLowerCase() === "authorization",
  );
  if (authorizations.length > 1) {
    return { status: 400, code: "repeated_authorization", detail: "The Authorization header must come once" };
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

function answer(response: ServerResponse, { status, code, detail }: Refused): void {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Request-Id": randomUUID(),
    ...(status === 405 ? { Allow: "GET, HEAD, OPTIONS" } : {}),
  });
  response.end(JSON.stringify({ detail, code }));
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
