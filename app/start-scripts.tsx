import { headers } from "next/headers";

/**
 * While one version replaces another, a page's scripts or styles may be on no instance that is left. React would
 * then take down the page that the server drew, because a part of it cannot run. So Next has to wait until all of
 * them have loaded (`__next_s` is its list of scripts to run before it hydrates, next 16.4): where a script is
 * missing, the page stays as it is without JavaScript. As soon as the server answers, it is loaded again: once,
 * not over something typed, and not where it shows a secret that a second load would not show.
 */
const script = `{
const retried = new Set(), missing = new Set();
const isScript = ({ tagName }) => tagName === "SCRIPT";
const addressOf = (element) => isScript(element) ? element.src : element.rel === "stylesheet" ? element.href : "";
let isTyped = false;
document.addEventListener("input", () => { isTyped = true; }, true);
document.addEventListener("load", ({ target }) => missing.delete(addressOf(target)), true);
document.addEventListener("error", ({ target }) => {
  const address = addressOf(target);
  if (!address?.startsWith(location.origin + "/_next/")) return;
  missing.add(address);
  // From then on the bundler's loader tries again by itself.
  if (retried.has(address) || document.readyState === "complete") return;
  retried.add(address);
  const copy = document.createElement(target.tagName);
  for (const { name, value } of target.attributes) copy.setAttribute(name, value);
  target.replaceWith(copy);
}, true);
const mend = async () => {
  const answer = await fetch("/health/live", { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok && !isTyped) location.reload();
  else setTimeout(mend, 3000);
};
const loaded = new Promise((resolve) => addEventListener("load", resolve)).then(() => {
  if (missing.size === 0) return;
  const isSecondLoad = performance.getEntriesByType("navigation")[0]?.type === "reload";
  if (!isSecondLoad && !document.querySelector("[data-shown-once]")) mend();
  if (![...document.scripts].some(({ src }) => missing.has(src))) return;
  document.documentElement.dataset.scriptsMissing = "";
  return new Promise(() => {});
});
self.__next_s = { length: 1, reduce: () => loaded };
}`;

/** Must stand in the head, before what may fail to load. */
export async function StartScripts() {
  const policy = (await headers()).get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the text above; it has to run before the first bundle
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />;
}
