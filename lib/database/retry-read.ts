import { setTimeout as delay } from "node:timers/promises";
import { isRetryable, isTransient } from "@/db/failure";

const retryDelayMs = 20;

/** Runs a read, and again when its pooled connection was lost. */
export async function retryRead<T>(read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isRetryable(error)) throw error;
    // A server that has closed its connections may need a moment before it accepts new ones.
    await delay(retryDelayMs);
    return read();
  }
}

/** Whether an error may go away on its own: the database is unavailable or too slow. For `app`, which may not import db. */
export { isTransient };
