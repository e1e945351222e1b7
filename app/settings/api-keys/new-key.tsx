import { environment } from "@/lib/environment";
import { FlashSecret } from "../../components/flash-secret";
import { Section } from "../../components/section";

/** A key that has just been made: the one time that it is shown. */
export function NewKey({ organizationId }: { organizationId: string }) {
  const url = `${environment().NEXTAUTH_URL}/batch/jobs?organizationId=${organizationId}`;
  return (
    <Section title="Copy your new API key">
      <p className="text-muted">
        It can read the batch jobs of {organizationId}. You won’t be able to see it again, so store it
        somewhere safe.
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
