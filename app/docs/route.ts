import { cookies } from "next/headers";
import swaggerUi from "swagger-ui-dist/package.json" with { type: "json" };
import { Viewer } from "@/lib/access/viewer";
import { endpoint } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { info } from "@/lib/openapi/document";
import { listOutboundNumbers } from "@/lib/phone-numbers/list";
import { readTheme } from "@/lib/users/theme";
import { findPerson, firstOrganization } from "../signed-in";
import { examplesHtml } from "./examples";
import { script } from "./script";
import { style } from "./style";

const asset = (file: string) => `/docs/${file}?version=${swaggerUi.version}`;

const page = (nonce: string, theme: string, examples: string) => `<!doctype html>
<html lang="en"${theme === "" ? "" : ` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API reference – Batch Jobs</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="${asset("swagger-ui.css")}">
<style nonce="${nonce}">${style}</style>
<script nonce="${nonce}">${script}</script>
<script nonce="${nonce}" src="${asset("swagger-ui-bundle.js")}" defer></script>
</head>
<body>
<nav>
<a href="/jobs">Batch Jobs</a> · <a href="#examples">Examples</a> · <a href="#reference">Operations</a> ·
<a href="/openapi.json">OpenAPI document</a>
</nav>
<header>
<h1>API reference</h1>
<p>Version ${info.version}. ${info.summary} ${info.description.replace(/`([^`]*)`/g, "<code>$1</code>")}</p>
</header>
${examples}
<div id="reference"><noscript>The reference needs JavaScript. <a href="/openapi.json">The OpenAPI document</a> doesn't.</noscript></div>
</body>
</html>
`;

/** A signed-in person's organization, and its first phone number that makes calls. */
async function findOwn(): Promise<Parameters<typeof examplesHtml>[0]> {
  const person = await findPerson();
  const organizationId = person && (await firstOrganization(person));
  if (!person || organizationId === undefined) return {};
  const [number] = await listOutboundNumbers(await Viewer.fromPerson(person, organizationId));
  return { organizationId, phoneNumberId: number?.id };
}

/** The API's reference, for anybody: Swagger UI with `/openapi.json`. Not a page of Next, whose styles it would change. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to show the reference", async (request) => {
    const [, nonce = ""] = /'nonce-([^']+)'/.exec(request.headers.get("content-security-policy") ?? "") ?? [];
    const body = page(
      nonce,
      readTheme(await cookies()) ?? "",
      // Whatever the database does, the reference can be read.
      await examplesHtml(await findOwn().catch(() => ({}))),
    );
    return new Response(body, {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": String(Buffer.byteLength(body)),
      },
    });
  }),
});
export const dynamic = "force-dynamic";
