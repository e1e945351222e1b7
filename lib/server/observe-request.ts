import type { IncomingMessage, ServerResponse } from "node:http";
import { isDevelopment } from "../environment";
import { logRequest } from "./request-log";
import { routePattern } from "./route-pattern";
import { isStaticFile } from "./static-files";
import { allowedMethods } from "./validate-request";

/** A request that is over. Each field but `ms` has only as many values as the program has routes, methods and statuses. */
export interface FinishedRequest {
  method: string;
  route: string;
  /** 499, as nginx has it, when the client disconnected before it had the response. */
  status: number;
  isDisconnected: boolean;
  /** From the request's head until the response was handed to the operating system. */
  ms: number;
}

type Observer = (request: FinishedRequest, response: ServerResponse) => void;

const observers: Observer[] = [logRequest];

let inProgress = 0;

/** Calls a function for each request that is over. */
export function onRequestFinished(observer: Observer): void {
  observers.push(observer);
}

/** How many requests wait or are being answered. */
export function requestsInProgress(): number {
  return inProgress;
}

/** Observes a request until its response closes. Not those for static files; in development Next logs requests itself. */
export function observeRequest(request: IncomingMessage, response: ServerResponse): void {
  // Next changes both.
  const { method = "", url = "" } = request;
  if (isDevelopment() || isStaticFile(url)) return;
  const startMs = performance.now();
  inProgress++;
  response.once("close", () => {
    inProgress--;
    const isDisconnected = !response.writableFinished;
    const finished = {
      method: allowedMethods.includes(method) ? method : "other",
      route: routePattern(url),
      status: isDisconnected ? 499 : response.statusCode,
      isDisconnected,
      ms: performance.now() - startMs,
    };
    for (const observer of observers) observer(finished, response);
  });
}
