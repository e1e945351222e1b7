import { HttpError } from "./http-error";

/** An error that a form's page shows next to each of its fields that are wrong. */
export class InvalidFields extends HttpError {
  /** @param problems sentences by the names of the fields, in the form's order. */
  constructor(readonly problems: Record<string, string>) {
    super(400, "invalid_fields", Object.values(problems).join(" "));
  }
}
