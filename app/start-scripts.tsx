import { headers } from "next/headers";

/**
 * During a rolling update, a page's scripts or styles may be on no instance any more. React would then take down the
 * page that the server rendered. So Next waits until all have loaded (`__next_s` is its list of scripts to run before it
 * hydrates, next 16.4); where one is missing, the page stays as it is without JavaScript. Once the server responds it is
 * reloaded: only once, not over typed input, and not where it shows a secret that a reload would lose.
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
  // After that the bundler's loader retries by itself.
  if (retried.has(address) || document.readyState === "complete") return;
  retried.add(address);
  const copy = document.createElement(target.tagName);
  for (const { name, value } of target.attributes) copy.setAttribute(name, value);
  target.replaceWith(copy);
}, true);
const recover = async () => {
  const answer = await fetch("/health/live", { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok && !isTyped) location.reload();
  else setTimeout(recover, 3000);
};
const loaded = new Promise((resolve) => addEventListener("load", resolve)).then(() => {
  if (missing.size === 0) return;
  const isSecondLoad = performance.getEntriesByType("navigation")[0]?.type === "reload";
  if (!isSecondLoad && !document.querySelector("[data-shown-once]")) recover();
  if (![...document.scripts].some(({ src }) => missing.has(src))) return;
  document.documentElement.dataset.scriptsMissing = "";
  return new Promise(() => {});
});
self.__next_s = { length: 1, reduce: () => loaded };
}`;

/** Must come first in the head, before what may fail to load. */
export async function StartScripts() {
  const policy = (await headers()).get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the text above; it has to run before the first bundle
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />;
}
