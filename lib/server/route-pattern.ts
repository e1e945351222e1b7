import { readFileSync } from "node:fs";
import path from "node:path";
import { buildFolder } from "./static-files";

/** The part of Next's `routes-manifest.json` (next 16.4) that says which route answers a path. */
interface RoutesManifest {
  staticRoutes: { page: string }[];
  /** In the order in which Next tries them. */
  dynamicRoutes: { page: string; regex: string }[];
}

interface Routes {
  fixed: Set<string>;
  dynamic: { pattern: string; regex: RegExp }[];
}

let routes: Routes | undefined;

function readRoutes(): Routes {
  const text = readFileSync(path.join(buildFolder(), "routes-manifest.json"), "utf8");
  const { staticRoutes, dynamicRoutes }: RoutesManifest = JSON.parse(text);
  return {
    fixed: new Set(staticRoutes.map(({ page }) => page)),
    dynamic: dynamicRoutes.map(({ page, regex }) => ({
      // `[id]` is `{id}`, as in OpenAPI; `[...path]` and `[[...path]]` are `{...path}`.
      pattern: page.replace(/\[+(.+?)\]+/g, "{$1}"),
      regex: new RegExp(regex),
    })),
  };
}

/**
 * The pattern of the route that answers an address, such as `/settings/api-keys/{apiKeyId}`. It has no part of the
 * address, and there are only as many as there are routes; `unmatched` is for all other addresses. Only in a build.
 */
export function routePattern(url: string): string {
  routes ??= readRoutes();
  const end = url.search(/[?#]/);
  const pathname = end < 0 ? url : url.slice(0, end);
  if (routes.fixed.has(pathname)) return pathname;
  return routes.dynamic.find(({ regex }) => regex.test(pathname))?.pattern ?? "unmatched";
}
