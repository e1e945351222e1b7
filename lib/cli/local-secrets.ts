import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
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
  const half = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(half, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new Error(`DATA_DIR=${directory} cannot be used: ${(error as Error).message}`);
  }
  // Written whole and then linked into place, which fails where a file is: two first starts agree on one set.
  try {
    await link(half, file);
    return made;
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    return await read(file);
  } finally {
    await rm(half);
  }
}

async function read(file: string): Promise<LocalSecrets> {
  const text = await readFile(file, "utf8");
  try {
    return LocalSecrets.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} is damaged, and with it the password of the embedded database. Restore it, or start over by removing ${path.dirname(file)}.`,
    );
  }
}
