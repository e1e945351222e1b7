import { createHash } from "node:crypto";
import { z } from "zod";
import { identifierPattern } from "../format/text";

/** A position in a sorted list: after the job with this rank, sort key and id. */
export interface Position {
  /** The first criterion of the order: 0 for the job whose id was searched for, 2 for jobs without the sort key. */
  rank: number;
  /** What the list is sorted by, times as ISO 8601; null where the job has none. */
  key: string | null;
  id: string;
  /** The X-Next-Updated-Since of the walk's first page. */
  watermark: string;
}

/** An X-Next-Updated-Since: a digest that identifies the database, and a transaction of it. */
export const watermarkPattern = /^[0-9a-f]{12}-[0-9]{1,18}$/;

const version = 1;
const Content = z.tuple([
  z.literal(version),
  z.int().min(0).max(2),
  // PostgreSQL stores no NUL.
  z
    .string()
    .regex(/^[^\0]*$/)
    .refine((key) => key.isWellFormed())
    .nullable(),
  z.string().regex(identifierPattern),
  z.string().regex(watermarkPattern),
]);

/** Detects cursors of other lists. Nobody gains anything by forging it: a cursor gives no access. */
const digestOf = (content: string, list: string) =>
  createHash("sha256").update(`${list}\n${content}`).digest("base64url").slice(0, 16);

/** @param list identifies the filters and the sort. */
export function formatCursor({ rank, key, id, watermark }: Position, list: string): string {
  const content = Buffer.from(JSON.stringify([version, rank, key, id, watermark])).toString("base64url");
  return `${content}.${digestOf(content, list)}`;
}

/**
 * @param list as for formatCursor.
 * @param hasTimes whether the list is sorted by a time.
 * @returns undefined for a cursor of another list, and for anything else.
 */
export function parseCursor(cursor: string, list: string, hasTimes: boolean): Position | undefined {
  const [content = "", digest] = cursor.split(".");
  if (cursor !== `${content}.${digest}` || digest !== digestOf(content, list)) return undefined;
  const result = Content.safeParse(parseJson(Buffer.from(content, "base64url").toString("utf8")));
  if (!result.success) return undefined;
  const [, rank, key, id, watermark] = result.data;
  if (hasTimes && key !== null && !z.iso.datetime().safeParse(key).success) return undefined;
  return { rank, key, id, watermark };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
