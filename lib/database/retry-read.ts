import { setTimeout as delay } from "node:timers/promises";
import { isDatabaseAway, isWorthOneRetry } from "@/db/failure";

const retryDelayMs = 20;

/** Does a read, and once more when its pooled connection turned out to be cut: it changes nothing. */
export async function retryRead<T>(read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isWorthOneRetry(error)) throw error;
    // A server that has cut its connections may need a moment before it takes new ones.
    await delay(retryDelayMs);
    return read();
  }
}

/** Whether a failure is ours and likely to pass by itself: the database is away, or too slow just now. */
export { isDatabaseAway as isTransient };
