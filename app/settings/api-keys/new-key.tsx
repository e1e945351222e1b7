import { environment } from "@/lib/environment";
import { Section } from "../../parts/section";
import { ShownOnce } from "../../parts/shown-once";

/** A key that has just been made: the one time that it is shown. */
export function NewKey({ organizationId }: { organizationId: string }) {
  const url = `${environment().NEXTAUTH_URL}/batch/jobs?organizationId=${organizationId}`;
  return (
    <Section title="Copy your new key now">
      <p className="text-muted">
        It reads the batch jobs of {organizationId}. This is the only time that it is shown: keep it where
        your program reads it, and nowhere else.
      </p>
      <ShownOnce id="new-api-key" label="the API key" />
      <p className="text-muted">Try it in a terminal:</p>
      <ShownOnce
        id="new-api-key-curl"
        label="the command"
        before={`curl "${url}" -H "Authorization: Bearer `}
        after={`"`}
      />
    </Section>
  );
}
