/**
 * Starts Swagger UI, in the page's theme: it has a style for `html.dark-mode`, but sets the class only in its top bar. Fields
 * and regions without a name get one, what scrolls can be reached by keyboard, and no link is within a button.
 */
export const script = `
const theme = document.documentElement.dataset.theme;
const dark = matchMedia("(prefers-color-scheme: dark)");
const setTheme = () => {
  document.documentElement.classList.toggle("dark-mode", theme ? theme === "dark" : dark.matches);
};
setTheme();
dark.addEventListener("change", setTheme);
function correct(reference) {
  for (const select of reference.querySelectorAll("select:not([aria-label])")) {
    const parameter = select.closest("[data-param-name]")?.dataset.paramName;
    const isOfMediaTypes = select.classList.contains("content-type");
    select.ariaLabel = parameter ?? (select.id === "servers" ? "Server" : isOfMediaTypes ? "Media type" : "Example");
  }
  for (const body of reference.querySelectorAll("textarea:not([aria-label])")) {
    body.ariaLabel = body.closest("[data-param-name]")?.dataset.paramName ?? "Request body";
  }
  // They scroll.
  for (const code of reference.querySelectorAll("pre:not([tabindex])")) code.tabIndex = 0;
  // The button around it does the same.
  for (const link of reference.querySelectorAll("button a[href]")) link.removeAttribute("href");
  const scheme = reference.querySelector(".scheme-container:not([role])");
  if (scheme) Object.assign(scheme, { role: "region", ariaLabel: "Server and API key" });
}
addEventListener("DOMContentLoaded", () => {
  const reference = document.getElementById("reference");
  new MutationObserver(() => correct(reference)).observe(reference, { childList: true, subtree: true });
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
