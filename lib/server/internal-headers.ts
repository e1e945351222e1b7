import type { IncomingHttpHeaders } from "node:http";
import { isDevelopment } from "../environment";

/** What Next and the platforms it runs on say to themselves in headers: no client has to send any of these. */
const internal =
  /^(next|x-(action|edge|invocation|invoke|matched|middleware|next|nextjs|now|prerender|render|vercel))-/;

/** Sent by Next's router in the browser (`app-router-headers.js` in Next's source); the guard refuses the last. */
const sentByRouter = [
  "next-router-state-tree",
  "next-router-prefetch",
  "next-router-segment-prefetch",
  "next-url",
  "next-action",
];
const sentInDevelopment = ["next-hmr-refresh", "x-nextjs-request-id", "x-nextjs-html-request-id"];

/**
 * Removes the headers by which Next tells itself what it has decided before. From a client they change the answer:
 * `x-middleware-prefetch`, for example, makes any route answer 200 with `{}`.
 */
export function removeInternalHeaders(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) {
    if (!internal.test(name) || sentByRouter.includes(name)) continue;
    if (isDevelopment() && sentInDevelopment.includes(name)) continue;
    delete headers[name];
  }
}
