import { methodNotAllowed } from "./answer";
import { endpoint } from "./endpoint";

/**
 * The answers to methods other than the resource's own: 204 to OPTIONS, 405 to the rest, both with
 * `Allow` (RFC 9110). No CORS headers: keys belong on servers.
 */
export function allow(...methods: string[]) {
  const allowed = methods.join(", ");
  return {
    options: endpoint(
      "Failed to answer",
      () => new Response(null, { status: 204, headers: { Allow: allowed } }),
    ),
    notAllowed: endpoint("Failed to answer", (request) => {
      throw methodNotAllowed(request.method, allowed);
    }),
  };
}
