import { LRUCache } from "lru-cache";
import type { TaggedJson } from "./conditional-json";

interface VersionedAnswer {
  version: string;
  answer: TaggedJson;
}

/** The most recently requested answers. */
const answers = new LRUCache<string, VersionedAnswer>({
  maxSize: 8_000_000,
  sizeCalculation: ({ answer }, key) => answer.body.byteLength + key.length + 2_000,
});

/**
 * Sends an answer again while PostgreSQL says that it is current. An answer is cached with its version: a hash of the rows
 * that it is made of, which PostgreSQL calculates. The statement is given the version of the cached answer, and returns
 * the rows only if they have another one. So each answer is that of a snapshot taken after the request arrived and its key
 * was checked, while unchanged rows are neither serialized, sent to this process nor tagged again.
 *
 * @param key what was asked for.
 * @param read runs the statement, with "" when there is no cached answer. The key or the version must name the organization.
 *   Without an answer, the known one is current.
 */
export async function cachedAnswer(
  key: string,
  read: (knownVersion: string) => Promise<{ version: string; answer: TaggedJson | undefined }>,
): Promise<TaggedJson> {
  const cached = answers.get(key);
  const { version, answer } = await read(cached?.version ?? "");
  if (answer) answers.set(key, { version, answer });
  const current = answer ?? cached?.answer;
  if (!current) throw new Error(`There is no answer with the version ${version}`);
  return current;
}
