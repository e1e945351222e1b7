import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { fileOf } from "./debian-packages";

/** The path of Debian's Chromium, or undefined for Playwright's own where that is installed. */
export function chromiumPath(): string | undefined {
  return existsSync(chromium.executablePath()) ? undefined : fileOf("chromium");
}
