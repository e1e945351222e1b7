import type { Expression } from "kysely";
import type { Viewer } from "./viewer";

/** What to ask for the bearer of a key, in one statement with the proof. */
export interface Question<O> {
  organizationId: string;
  /** As for runKept. */
  shape: string;
  isCommon: boolean;
  /** A select of one row, with `parameter`s in the place of values. */
  answer: (viewer: Viewer) => Expression<O>;
  columns: (keyof O & string)[];
  /** Of the parameters. */
  values: Record<string, unknown>;
}
