import { setCookie } from "./set-cookie";

/** Holds what was typed into a form that was refused, for the page that shows the form again. */
export const draftCookie = "batch-jobs.form";

const lengthMax = 2_000;

/** Says for which organization the fields were typed. */
const organizationField = "organizationId";

const pathOf = (page: string) => page.split("?", 1)[0] ?? "/";

/** The `Set-Cookie` that keeps these fields for a minute, for the page at `path` and the form's organization alone. */
export function saveDraft(form: Record<string, string>, names: string[], path: string): string {
  const kept = Object.fromEntries(
    [...names, organizationField].flatMap((name) => (form[name] ? [[name, form[name]]] : [])),
  );
  const value = Buffer.from(JSON.stringify(kept)).toString("base64url");
  const fitting = value.length <= lengthMax ? value : "";
  return setCookie(draftCookie, fitting, pathOf(path), 60);
}

/** The `Set-Cookie` that forgets them, once the form was taken. */
export function clearDraft(path: string): string {
  return setCookie(draftCookie, "", pathOf(path), 0);
}

/**
 * What was kept; nothing when there is nothing, or when it is not what we wrote.
 *
 * @param organizationId that the page is about: what was typed for another one is not for it.
 */
export function readKeptFields(
  cookie: string | undefined,
  organizationId: string | undefined,
): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(Buffer.from(cookie ?? "", "base64url").toString("utf8"));
    if (typeof kept !== "object" || kept === null) return {};
    if (organizationId !== undefined && Reflect.get(kept, organizationField) !== organizationId) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "string"));
  } catch {
    return {};
  }
}
