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
  /** Of each demo organization; none where the demo was created before its calls were simulated. */
  demoDialerApiKeys: z.array(z.string()).default([]),
});
type LocalSecrets = z.infer<typeof LocalSecrets>;

/**
 * The secrets of an installation with the embedded database: generated at the first start and stored beside the data,
 * readable by their owner only.
 *
 * @throws Error when they can be neither read nor created.
 */
export async function localSecrets(directory: string): Promise<LocalSecrets> {
  const file = path.resolve(directory, "secrets.json");
  const text = await readOrCreate(file).catch((error) => {
    throw new Error(`DATA_DIR=${directory} cannot be used: ${error.message}`);
  });
  return parse(file, text);
}

/** Reads the secrets without generating any. @returns undefined before the first start. */
export async function findLocalSecrets(directory: string): Promise<LocalSecrets | undefined> {
  return (await exists(path.resolve(directory, "secrets.json"))) ? localSecrets(directory) : undefined;
}

async function readOrCreate(file: string): Promise<string> {
  if (!(await exists(file))) await create(file);
  return readFile(file, "utf8");
}

async function create(file: string): Promise<void> {
  const secrets: LocalSecrets = {
    databasePassword: randomBytes(24).toString("base64url"),
    nextAuthSecret: randomBytes(32).toString("base64"),
    demoApiKey: generateApiKey(),
    demoPassword: randomBytes(9).toString("base64url"),
    demoDialerApiKeys: [generateApiKey(), generateApiKey()],
  };
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  // Linking fails if the file exists by now, so that two first starts use the same secrets.
  try {
    await link(temporary, file);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary);
  }
}

async function exists(file: string): Promise<boolean> {
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
      `${file} is damaged. It holds the password of the embedded database: restore it, or delete ${path.dirname(file)} to start over.`,
    );
  }
}
