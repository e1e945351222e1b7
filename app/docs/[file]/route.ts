import { readFile } from "node:fs/promises";
import path from "node:path";
import { endpoint } from "@/lib/http/endpoint";
import { HttpError } from "@/lib/http/http-error";
import { routeMethods } from "@/lib/http/methods";

/** Files of swagger-ui-dist, which the reference loads. */
const types: Record<string, string> = {
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "swagger-ui.css": "text/css; charset=utf-8",
};

/** A script or style of the reference. Its address has the version, so that it can be cached for good. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to read the file", async (request) => {
    const file = new URL(request.url).pathname.split("/").at(-1) ?? "";
    const type = Object.hasOwn(types, file) ? types[file] : undefined;
    if (type === undefined) throw new HttpError(404, "not_found", "There is no such file");
    const bytes = await readFile(path.join(process.cwd(), "node_modules/swagger-ui-dist", file));
    return new Response(bytes, {
      headers: {
        "Content-Type": type,
        "Content-Length": String(bytes.byteLength),
        "Cache-Control": "public, max-age=31536000, immutable",
      },
    });
  }),
});
export const dynamic = "force-dynamic";
