import { setCookie } from "./set-cookie";

/** Holds what was typed into a form that was refused, for the page that shows the form again. */
export const keptFieldsCookie = "batch-jobs.form";

const lengthMax = 2_000;

/** The `Set-Cookie` that keeps these fields for a minute, for the page at `path` alone. */
export function keepFields(form: Record<string, string>, names: string[], path: string): string {
  const kept = Object.fromEntries(names.flatMap((name) => (form[name] ? [[name, form[name]]] : [])));
  const value = Buffer.from(JSON.stringify(kept)).toString("base64url");
  const fitting = value.length <= lengthMax ? value : "";
  return setCookie(keptFieldsCookie, fitting, path.split("?", 1)[0] ?? "/", 60);
}

/** What was kept; nothing when there is nothing, or when it is not what we wrote. */
export function readKeptFields(cookie: string | undefined): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(Buffer.from(cookie ?? "", "base64url").toString("utf8"));
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "string"));
  } catch {
    return {};
  }
}
