import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import type { Person } from "../access/person";
import { environment } from "../environment";
import { cookieValueMax, setCookie } from "../http/set-cookie";

// The form that creates a job leaves out rows of its file, and the job's page says which. In between they are encrypted in
// a cookie, as their reasons quote contacts.

export const skippedRowsCookie = "batch-jobs.skipped-rows";

/** Long enough to correct the rows meanwhile. */
const lifetimeSeconds = 3_600;
const salt = "skipped rows";
const rowsMax = 10;

const Sealed = z.object({
  sub: z.string(),
  organizationId: z.string(),
  rows: z.array(z.tuple([z.int(), z.string()])),
  total: z.int(),
});

export interface SkippedRows {
  /** At most the first ten; their numbers are those of a spreadsheet. */
  rows: { row: number; reason: string }[];
  total: number;
}

/**
 * The `Set-Cookie` that tells the page of a job which rows of its file were skipped.
 *
 * @param person the only one to see it.
 * @param path of the page.
 */
export async function saveSkippedRows(
  skipped: SkippedRows["rows"],
  person: Person,
  organizationId: string,
  path: string,
): Promise<string> {
  for (let count = Math.min(rowsMax, skipped.length); ; count--) {
    const rows = skipped.slice(0, count).map(({ row, reason }) => [row, reason]);
    const value = await encode({
      token: { sub: person.id, organizationId, rows, total: skipped.length },
      secret: environment().NEXTAUTH_SECRET,
      salt,
      maxAge: lifetimeSeconds,
    });
    if (value.length <= cookieValueMax || count === 0) {
      return setCookie(skippedRowsCookie, value, path, lifetimeSeconds);
    }
  }
}

/** @param encrypted the cookie's value, from an untrusted client. */
export async function readSkippedRows(
  encrypted: string | undefined,
  person: Person,
  organizationId: string,
): Promise<SkippedRows | undefined> {
  if (!encrypted) return undefined;
  const decoded = await decode({ token: encrypted, secret: environment().NEXTAUTH_SECRET, salt }).catch(
    () => null,
  );
  const { data } = Sealed.safeParse(decoded);
  if (data?.sub !== person.id || data.organizationId !== organizationId) return undefined;
  return { rows: data.rows.map(([row, reason]) => ({ row, reason })), total: data.total };
}
