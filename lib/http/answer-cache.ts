import { LRUCache } from "lru-cache";
import type { TaggedJson } from "./conditional-json";

/** An answer, and what tells whether it is current: hashes of the rows that it is made of. */
interface CachedAnswer {
  answer: TaggedJson;
}

const overheadBytes = 2_000;

/**
 * A cache of the most recently requested answers, which are sent again while PostgreSQL says that they are current. The
 * statement is given hashes of the rows that the cached answer is made of, and returns only what has others. So each answer
 * is that of a snapshot taken after the request arrived and its key was checked, while unchanged rows are neither serialized
 * nor sent to this process again, and an unchanged answer is not tagged again.
 *
 * @param bytesMax of all answers together.
 * @returns a function that answers a request, for what was asked for and a function that runs the statement. That one is
 *   given the cached answer, if there is one, and returns it, or a new one. The first parameter, or what is compared, must
 *   name the organization.
 */
export function answerCache<A extends CachedAnswer>(bytesMax: number) {
  const answers = new LRUCache<string, A>({
    maxSize: bytesMax,
    // Strings of the same rows may be kept beside the body.
    sizeCalculation: ({ answer }, key) => 2 * answer.body.byteLength + key.length + overheadBytes,
  });
  return async (key: string, read: (known: A | undefined) => Promise<A>): Promise<TaggedJson> => {
    const known = answers.get(key);
    const current = await read(known);
    if (current !== known) answers.set(key, current);
    return current.answer;
  };
}
