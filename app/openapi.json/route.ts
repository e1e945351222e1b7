import { conditionalJson, tagJson } from "@/lib/http/conditional-json";
import { endpoint } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { openApiDocument } from "@/lib/openapi/document";

let document: string | undefined;

/** The API as OpenAPI, for anybody. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to describe the API", (request) => {
    document ??= openApiDocument();
    return conditionalJson(request, tagJson(request, {}, document), { "Cache-Control": "public, no-cache" });
  }),
});
export const dynamic = "force-dynamic";
