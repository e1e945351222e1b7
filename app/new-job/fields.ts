/** The fields of the form that creates a job, in its order, as errors name them. */
export const fieldLabels = {
  name: "The name",
  description: "The description",
  fromPhoneNumberId: "The phone number",
  start: "The start",
  date: "The date",
  time: "The time",
  timeZone: "The time zone",
  maxAttempts: "The maximum number of attempts",
  concurrentCallLimit: "The concurrent call limit",
  file: "The file",
};
export type FieldName = keyof typeof fieldLabels;
export const fieldNames = Object.keys(fieldLabels) as FieldName[];

export type Problems = Partial<Record<FieldName, string>>;

/** Restored after an error. Browsers don’t allow a page to fill in a file input. */
export const draftFields = fieldNames.filter((name) => name !== "file");
