import type { ListedCall } from "@/lib/calls/list";
import type { ListedContact } from "@/lib/contacts/list";
import { formatNumber, quantity } from "@/lib/format/quantity";
import { type Definition, DefinitionList } from "../../components/definition-list";
import { RelativeTime } from "../../components/relative-time";
import { Calls } from "./calls";
import { neverCalled } from "./outcome";

/** A contact can have any number of fields of any length. */
const fieldsMax = 100;
const fieldLengthMax = 2_000;
const fieldNameLengthMax = 200;

function describeField(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length <= fieldLengthMax) return text;
  return `${text.slice(0, fieldLengthMax).toWellFormed()}… (${formatNumber(text.length)} characters)`;
}

const cutName = (name: string) =>
  name.length <= fieldNameLengthMax ? name : `${name.slice(0, fieldNameLengthMax).toWellFormed()}…`;

const field = (name: string, value: unknown): Definition => [
  cutName(name),
  <bdi key={name}>{describeField(value)}</bdi>,
];

/** What is known of a contact: what was given for it, its calls, and when it is called again. */
export function ContactDetails(props: {
  contact: ListedContact;
  /** As it was given. */
  data: Record<string, unknown>;
  calls: ListedCall[];
  zone: string;
  nowMs: number;
}) {
  const { contact, data, calls, zone, nowMs } = props;
  const { status, next_retry_at: retry } = contact;
  const fields = Object.entries(data);
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
      <div>
        <h3 className="mb-1 font-medium">Data</h3>
        <DefinitionList items={fields.slice(0, fieldsMax).map(([name, value]) => field(name, value))} />
        {fields.length > fieldsMax && (
          <p className="text-muted">
            {quantity(fields.length - fieldsMax, "more field is", "more fields are")} in the CSV export.
          </p>
        )}
      </div>
      <div>
        <h3 className="mb-1 font-medium">Calls</h3>
        {retry && (
          <p className="mb-2">
            Next retry: <RelativeTime at={retry} zone={zone} nowMs={nowMs} />
          </p>
        )}
        {calls.length === 0 ? (
          <p className="text-muted">{status === "cancelled" ? neverCalled : "Not called yet"}</p>
        ) : (
          <Calls calls={calls} zone={zone} name={contact.name?.trim() || contact.phone_number} />
        )}
      </div>
    </div>
  );
}
