import { contactsMax } from "@/lib/contacts/schema";
import { formatNumber } from "@/lib/format/quantity";
import { uploadSizeMax } from "@/lib/http/json-body";
import { Field } from "../components/field";
import { textLinkClass } from "../components/text-link";

/** Numbers reserved for fiction. */
const example = `phone,name,plan
+12025550101,Ana Rossi,Basic
+442079460000,Bo Chen,Premium
`;

/** What the file looks like, and its input. */
export function ContactsFile(props: { error?: string; autoFocus?: boolean }) {
  return (
    <>
      <p className="text-muted">
        A CSV file with a header row. The column <code className="font-mono">phone</code> is required. Its
        numbers begin with + (or 00) and a country code; spaces, dashes, dots, slashes and brackets in them
        are removed. <code className="font-mono">name</code> is optional. All other columns, such as{" "}
        <code className="font-mono">plan</code>, are passed to the agent. Rows with an invalid or repeated
        phone number are skipped. A file of contacts exported from a job works, too: its columns about their
        calls, such as <code className="font-mono">contactId</code> and{" "}
        <code className="font-mono">status</code>, are left out.
      </p>
      <pre className="overflow-x-auto rounded-md border border-line bg-raised p-3.5 font-mono text-xs leading-5">
        <code>{example}</code>
      </pre>
      <Field
        label="CSV file"
        name="file"
        type="file"
        accept=".csv,text/csv"
        hint={
          <>
            Up to {formatNumber(contactsMax)} contacts and {uploadSizeMax}, encoded as UTF-8.{" "}
            <a
              href={`data:text/csv;charset=utf-8,${encodeURIComponent(example)}`}
              download="contacts.csv"
              className={textLinkClass}
            >
              Download the example
            </a>
          </>
        }
        required
        {...props}
      />
    </>
  );
}
