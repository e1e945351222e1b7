import type { APIRequestContext, APIResponse } from "@playwright/test";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { addresses } from "./servers";

// The document at /openapi.json, and whether responses are as it says.

export type Named<T> = Record<string, T>;

export interface Parameter {
  name: string;
  in: "header" | "path" | "query";
  required?: boolean;
  description: string;
  schema: Named<unknown>;
}

interface Media {
  schema: object;
  example?: { detail: string; code: string };
  examples?: Named<{ value: unknown; "x-request"?: { path?: Named<string>; query?: Named<unknown> } }>;
}

export interface Operation {
  operationId: string;
  security: Named<string[]>[];
  parameters: Parameter[];
  requestBody?: { content: Named<Media> };
  responses: Named<{ headers: Named<object>; content?: Named<Media> }>;
}

export interface OpenApi {
  paths: Named<Named<Operation>>;
  components: { schemas: Named<object>; headers: Named<{ required?: boolean; schema: object }> };
}

const root = "openapi";

/** The document, and a function that compiles the schema at a place in it. */
async function load() {
  const response = await fetch(`${addresses.main}/openapi.json`);
  const document = (await response.json()) as OpenApi;
  // Not strict: the document has more keywords than JSON Schema.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, root);
  const compile = (...place: string[]) => {
    const pointer = place.map((one) => one.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
    const validate = ajv.getSchema(`${root}#/${encodeURI(pointer)}`);
    if (!validate) throw new Error(`There is no schema at ${pointer}`);
    /** @returns what is wrong with a value; empty if nothing is. */
    return (value: unknown) => (validate(value) ? "" : ajv.errorsText(validate.errors));
  };
  return { document, compile };
}

let loaded: ReturnType<typeof load> | undefined;

/** Loaded once by each worker. */
export function openApi() {
  loaded ??= load();
  return loaded;
}

/** Headers that HTTP itself, the server's compression or its security need, for all addresses alike. */
const ofEveryServer =
  /^(cache-control|connection|content-(encoding|length|security-policy|type)|cross-origin-opener-policy|date|keep-alive|permissions-policy|referrer-policy|strict-transport-security|transfer-encoding|vary|x-content-type-options|x-frame-options)$/;

/** What of a response to the API is not in the document; empty for a documented one. */
export async function undocumented(method: string, response: APIResponse): Promise<string[]> {
  const { document, compile } = await openApi();
  const { pathname } = new URL(response.url());
  const status = response.status();
  const path = Object.keys(document.paths).find((one) =>
    new RegExp(`^${one.replace(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
  );
  const isHead = method === "head";
  const documentedMethod = isHead ? "get" : method;
  const operation = path === undefined ? undefined : document.paths[path]?.[documentedMethod];
  if (path === undefined || !operation) {
    return status < 400 && method !== "options" ? [`status ${status}, but no such operation`] : [];
  }

  // Node's own answer to headers that are too large.
  if (status === 431 && response.headers()["content-type"] === undefined) return [];
  const found = operation.responses[status];
  if (!found) return [`status ${status}`];
  const present = Object.keys(response.headers()).filter((name) => !ofEveryServer.test(name));
  const names = Object.keys(found.headers);
  const unknown = present.filter((name) => !names.some((one) => one.toLowerCase() === name));
  const problems = unknown.map((name) => `header ${name}`);
  for (const name of names) {
    const value = response.headers()[name.toLowerCase()];
    const { required, schema } = document.components.headers[name] ?? { schema: {} };
    if (value === undefined) {
      if (required) problems.push(`no header ${name}`);
      continue;
    }
    const isInteger = JSON.stringify(schema).includes('"integer"');
    const wrong = compile("components", "headers", name, "schema")(isInteger ? Number(value) : value);
    if (wrong !== "") problems.push(`header ${name}: ${wrong}`);
  }

  if (isHead || !found.content) return problems;
  const [type = ""] = (response.headers()["content-type"] ?? "").split(";");
  if (!found.content[type]) return [...problems, `media type ${type}`];
  if (type !== "application/json") return problems;
  const place = ["paths", path, documentedMethod, "responses", String(status), "content", type, "schema"];
  const wrong = compile(...place)(await response.json());
  return wrong === "" ? problems : [...problems, wrong];
}

const methods = ["delete", "fetch", "get", "head", "patch", "post", "put"];

/** Makes each response of the API to `request` one that is documented. */
export function requireDocumented(request: APIRequestContext): APIRequestContext {
  return new Proxy(request, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (!methods.includes(String(name))) return member.bind(target);
      return async (url: string, options?: { method?: string }): Promise<APIResponse> => {
        const response: APIResponse = await member.call(target, url, options);
        if (!new URL(response.url()).pathname.startsWith("/batch/")) return response;
        const method = name === "fetch" ? (options?.method ?? "get").toLowerCase() : String(name);
        const problems = await undocumented(method, response);
        if (problems.length > 0) {
          const text = (await response.text()).slice(0, 500);
          throw new Error(`Not in /openapi.json: ${method} ${url}: ${problems.join("; ")}\n${text}`);
        }
        return response;
      };
    },
  });
}
