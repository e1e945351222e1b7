import { z } from "zod";

const segment = z.union([
  z.string(),
  z.tuple([z.string(), z.string(), z.string(), z.array(z.string()).nullable()]),
]);

/** Where a browser says that it is, when Next's router asks for another page (next 16.4). */
const RouterState: z.ZodType = z.lazy(() =>
  z.tuple([
    segment,
    z.record(z.string(), RouterState),
    z.tuple([z.string(), z.string()]).nullish(),
    z.enum(["refetch", "inside-shared-layout", "metadata-only"]).nullish(),
    z.number().nullish(),
    z.string().optional(),
  ]),
);

/** Whether Next can read a `Next-Router-State-Tree` header: it answers one that it cannot read with a 500. */
export function isRouterState(header: string): boolean {
  try {
    return RouterState.safeParse(JSON.parse(decodeURIComponent(header))).success;
  } catch {
    return false;
  }
}
