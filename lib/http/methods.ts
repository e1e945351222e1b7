import { endpoint } from "./endpoint";
import { methodNotAllowed } from "./http-error";

/**
 * Handlers of a resource's other methods: 204 for OPTIONS, 405 for the rest, both with `Allow` (RFC 9110). No CORS
 * headers: API keys belong on servers.
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
