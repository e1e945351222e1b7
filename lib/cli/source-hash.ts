import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { versionOf } from "../version";

/** The files that a build depends on; READMEs and the client among them do not count. */
const sources = ["app", "lib", "db", "instrumentation.ts", "next.config.mjs", "tsconfig.json"];
const manifests = ["package.json", "package-lock.json"];

/** The name of the build of this source. Independent of folder, machine and version of Node. */
export async function hashOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [...manifests, ...(await filesOf(sources))]) {
    hash.update(`\0${file}\0`).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 20);
}

async function filesOf(entries: string[]): Promise<string[]> {
  const found = await Promise.all(
    entries.map(async (entry) => {
      const inside = await readdir(entry, { recursive: true, withFileTypes: true }).catch(() => undefined);
      if (!inside) return [entry];
      return inside
        .filter((file) => file.isFile() && !file.name.endsWith(".md"))
        .map((file) => path.join(file.parentPath ?? file.path, file.name))
        .filter((file) => !file.startsWith(path.join("lib", "client", path.sep)));
    }),
  );
  return found.flat().sort();
}

/** The version of this source: what `--version` prints. */
export async function sourceVersion(): Promise<string> {
  return versionOf(await hashOfSources());
}
