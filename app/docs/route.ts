import { cookies } from "next/headers";
import swaggerUi from "swagger-ui-dist/package.json" with { type: "json" };
import { endpoint } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { readTheme } from "@/lib/users/theme";

const asset = (file: string) => `/docs/${file}?version=${swaggerUi.version}`;

/** Swagger UI has a style for `html.dark-mode`, which nothing sets without its top bar. */
const start = `
const theme = document.documentElement.dataset.theme;
const dark = matchMedia("(prefers-color-scheme: dark)");
const setTheme = () => {
  document.documentElement.classList.toggle("dark-mode", theme ? theme === "dark" : dark.matches);
};
setTheme();
dark.addEventListener("change", setTheme);
addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    // Its default is a service of others.
    validatorUrl: null,
    withCredentials: false,
  });
});
`;

const style = `
body { margin: 0; background: #fff; }
nav { padding: 0.75rem 1.25rem; font: 0.875rem system-ui, sans-serif; }
nav a { color: #1d4ed8; }
html.dark-mode body { background: #1c2022; }
html.dark-mode nav a { color: #93c5fd; }
.swagger-ui .wrapper { padding: 0 1.25rem; box-sizing: border-box; }
.swagger-ui .opblock-body { overflow-x: auto; }
@media (max-width: 640px) {
  .swagger-ui table.parameters, .swagger-ui table.parameters :is(tbody, tr, td) { display: block; width: auto; }
  .swagger-ui table.parameters thead { display: none; }
  .swagger-ui table.parameters :is(input, select, textarea) { width: 100%; min-width: 0; max-width: 100%; }
  .swagger-ui .wrapper { padding: 0 0.5rem; }
}
`;

const page = (nonce: string, theme: string) => `<!doctype html>
<html lang="en"${theme === "" ? "" : ` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API reference – Batch Jobs</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="${asset("swagger-ui.css")}">
<style nonce="${nonce}">${style}</style>
<script nonce="${nonce}">${start}</script>
<script nonce="${nonce}" src="${asset("swagger-ui-bundle.js")}" defer></script>
</head>
<body>
<nav><a href="/jobs">Batch Jobs</a> · <a href="/openapi.json">OpenAPI document</a></nav>
<main id="reference"><noscript>The reference needs JavaScript. <a href="/openapi.json">The OpenAPI document</a> doesn't.</noscript></main>
</body>
</html>
`;

/** The API's reference, for anybody: Swagger UI with `/openapi.json`. Not a page of Next, whose styles it would change. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to show the reference", async (request) => {
    const [, nonce = ""] = /'nonce-([^']+)'/.exec(request.headers.get("content-security-policy") ?? "") ?? [];
    const body = page(nonce, readTheme(await cookies()) ?? "");
    return new Response(body, {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": String(Buffer.byteLength(body)),
      },
    });
  }),
});
export const dynamic = "force-dynamic";
