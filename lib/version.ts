import packageJson from "../package.json" with { type: "json" };
import { environment } from "./environment";

/** The version in package.json. */
export const version = packageJson.version;

/** The version that this process serves. */
export function runningVersion(): string {
  return versionOf(environment().BATCH_JOBS_BUILD);
}

/**
 * The version with the hash of its source, as `build` in Semantic Versioning: `0.1.0+2f1c…`.
 *
 * @param build undefined in development.
 */
export function versionOf(build: string | undefined): string {
  return build ? `${version}+${build}` : version;
}
