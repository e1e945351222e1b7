import { endpoint } from "@/lib/http/endpoint";
import { Refusal } from "@/lib/refusal";

/** Every other address below /batch: programs ask here, so they get the error body and not a page. */
const notFound = endpoint("Failed to answer", (request) => {
  const { pathname } = new URL(request.url);
  throw new Refusal(404, "not_found", `There is nothing at ${pathname.slice(0, 100)}`);
});

export {
  notFound as DELETE,
  notFound as GET,
  notFound as OPTIONS,
  notFound as PATCH,
  notFound as POST,
  notFound as PUT,
};
