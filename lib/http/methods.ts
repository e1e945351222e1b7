import { Refusal } from "../refusal";
import { endpoint } from "./endpoint";

/**
 * The answers to methods other than the resource's own: 204 to OPTIONS, 405 to the rest, both with
 * `Allow` (RFC 9110). No CORS headers: keys belong on servers.
 */
export function allow(...methods: string[]) {
  const headers = { Allow: methods.join(", ") };
  return {
    options: endpoint("Failed to answer", () => new Response(null, { status: 204, headers })),
    notAllowed: endpoint("Failed to answer", (request) => {
      throw new Refusal(405, "method_not_allowed", `Method ${request.method} is not allowed here`, headers);
    }),
  };
}
