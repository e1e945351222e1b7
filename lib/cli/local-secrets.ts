import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { generateApiKey } from "../api-keys/format";

const LocalSecrets = z.object({
  databasePassword: z.string(),
  nextAuthSecret: z.string(),
  demoApiKey: z.string(),
  demoPassword: z.string(),
});
export type LocalSecrets = z.infer<typeof LocalSecrets>;

/**
 * The secrets of an installation that runs on the embedded database: made at random the first time and
 * kept beside the data, readable by their owner only. So no key or password stands in the source.
 */
export async function localSecrets(directory: string): Promise<LocalSecrets> {
  const file = path.resolve(directory, "secrets.json");
  const made: LocalSecrets = {
    databasePassword: randomBytes(24).toString("base64url"),
    nextAuthSecret: randomBytes(32).toString("base64"),
    demoApiKey: generateApiKey(),
    demoPassword: randomBytes(9).toString("base64url"),
  };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    // "wx" makes the file or fails: two first starts at once agree on one set.
    await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    return made;
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    return LocalSecrets.parse(JSON.parse(await readFile(file, "utf8")));
  }
}
