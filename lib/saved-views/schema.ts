import { z } from "zod";
import { identifier, name } from "../format/text";

/** Of a person in an organization: more would not fit beside each other. */
export const savedViewsMax = 20;

export const savedViewNameMax = 50;

/** More than an address with all filters has. */
const queryLengthMax = 8_000;

/** What a checkbox sends. */
const checked = z.enum(["true"]).optional();

export const SavedViewForm = z.object({
  name: name(savedViewNameMax),
  /** The query of the jobs page's address, of which what is valid is saved. */
  query: z.string().max(queryLengthMax),
  isDefault: checked,
});

export const SavedViewChange = z.object({ id: identifier, name: name(savedViewNameMax), isDefault: checked });
