import { randomBytes } from "node:crypto";
import { access, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
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
 *
 * @throws Error that names DATA_DIR when they can be neither read nor made.
 */
export async function localSecrets(directory: string): Promise<LocalSecrets> {
  const file = path.resolve(directory, "secrets.json");
  const text = await readOrMake(file).catch((error) => {
    throw new Error(`DATA_DIR=${directory} cannot be used: ${error.message}`);
  });
  return parse(file, text);
}

async function readOrMake(file: string): Promise<string> {
  await makeWhereAbsent(file);
  return readFile(file, "utf8");
}

async function makeWhereAbsent(file: string): Promise<void> {
  if (await isThere(file)) return;
  const made: LocalSecrets = {
    databasePassword: randomBytes(24).toString("base64url"),
    nextAuthSecret: randomBytes(32).toString("base64"),
    demoApiKey: generateApiKey(),
    demoPassword: randomBytes(9).toString("base64url"),
  };
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const half = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(half, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  // Written whole and then linked into place, which fails where a file is: two first starts agree on one set.
  try {
    await link(half, file);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  } finally {
    await rm(half);
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return false;
    throw error;
  }
}

function parse(file: string, text: string): LocalSecrets {
  try {
    return LocalSecrets.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} is damaged, and with it the password of the embedded database. Restore it, or start over by removing ${path.dirname(file)}.`,
    );
  }
}
