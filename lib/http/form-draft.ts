import { setCookie } from "./set-cookie";

/** Holds the fields of a rejected form, for the page that shows the form again. */
export const draftCookie = "batch-jobs.form";

const lengthMax = 2_000;
const lifetimeSeconds = 60;

/** Says which organization the draft belongs to. */
const organizationField = "organizationId";

const pathOf = (page: string) => page.split("?", 1)[0] ?? "/";

/** The `Set-Cookie` that saves the named fields of a form for the page at `path`, and the form's organization only. */
export function saveDraft(form: Record<string, string>, names: string[], path: string): string {
  const draft = Object.fromEntries(
    [...names, organizationField].flatMap((name) => (form[name] ? [[name, form[name]]] : [])),
  );
  const value = Buffer.from(JSON.stringify(draft)).toString("base64url");
  return setCookie(draftCookie, value.length <= lengthMax ? value : "", pathOf(path), lifetimeSeconds);
}

export function clearDraft(path: string): string {
  return setCookie(draftCookie, "", pathOf(path), 0);
}

/**
 * Reads a draft; empty when there is none, or its cookie is not one that we wrote.
 *
 * @param organizationId of the page, which shows no draft of another organization.
 */
export function parseDraft(
  cookie: string | undefined,
  organizationId: string | undefined,
): Record<string, string> {
  try {
    const draft: unknown = JSON.parse(Buffer.from(cookie ?? "", "base64url").toString("utf8"));
    if (typeof draft !== "object" || draft === null) return {};
    if (organizationId !== undefined && Reflect.get(draft, organizationField) !== organizationId) return {};
    return Object.fromEntries(Object.entries(draft).filter(([, value]) => typeof value === "string"));
  } catch {
    return {};
  }
}
