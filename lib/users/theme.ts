import { setCookie } from "../http/set-cookie";

/** Each browser has its own theme, as its screen may differ. */
const themeCookie = "batch-jobs.theme";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeNames: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };

/** The theme chosen in this browser; undefined for the system's. */
export function readTheme(cookies: { get(name: string): { value: string } | undefined }) {
  const value = cookies.get(themeCookie)?.value;
  return value === "light" || value === "dark" ? value : undefined;
}

/** The `Set-Cookie` that stores the theme for a year, or removes it. */
export function themeSetCookie(theme: Theme): string {
  const [value, maxAge] = theme === "system" ? ["", 0] : [theme, 365 * 86_400];
  return setCookie(themeCookie, value, "/", maxAge);
}
