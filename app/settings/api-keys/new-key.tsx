import { environment } from "@/lib/environment";
import { FlashSecret } from "../../components/flash-secret";
import { Section } from "../../components/section";

/** A key that has just been made: the one time that it is shown. */
export function NewKey({ organizationId }: { organizationId: string }) {
  const url = `${environment().NEXTAUTH_URL}/batch/jobs?organizationId=${organizationId}`;
  return (
    <Section title="Copy your new key now">
      <p className="text-muted">
        It reads the batch jobs of {organizationId}. This is the only time that it is shown: keep it where
        your program reads it, and nowhere else.
      </p>
      <FlashSecret id="new-api-key" label="the API key" />
      <p className="text-muted">Try it in a terminal:</p>
      <FlashSecret
        id="new-api-key-curl"
        label="the command"
        before={`curl "${url}" -H "Authorization: Bearer `}
        after={`"`}
      />
    </Section>
  );
}
