import { setCookie } from "../http/set-cookie";

/** Light or dark is a matter of the screen, so each browser keeps its own choice. */
export const themeCookie = "batch-jobs.theme";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeNames: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };

/** What this browser chose; undefined for what its system says. */
export function readTheme(cookies: { get(name: string): { value: string } | undefined }) {
  const value = cookies.get(themeCookie)?.value;
  return value === "light" || value === "dark" ? value : undefined;
}

/** The `Set-Cookie` that keeps a choice for a year, or forgets it. */
export function themeSetCookie(theme: Theme): string {
  const [value, maxAge] = theme === "system" ? ["", 0] : [theme, 365 * 86_400];
  return setCookie(themeCookie, value, "/", maxAge);
}
