import type { PhoneNumber } from "@/lib/phone-numbers/list";
import { Button } from "../../components/button";
import { CopyId } from "../../components/copy-button";
import { Field } from "../../components/field";
import type { ErrorProps } from "../../components/form-result";
import { WarnIcon } from "../../components/icons";

export function NumberList(props: {
  phoneNumbers: PhoneNumber[];
  organizationId: string;
  canManage: boolean;
}) {
  const { phoneNumbers, organizationId, canManage } = props;
  return (
    <ul className="flex flex-col divide-y divide-line">
      {phoneNumbers.map((number) => (
        <li key={number.id} className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
            <p className="font-medium">
              {number.phoneNumber}
              {number.label && <span className="font-normal text-muted"> · {number.label}</span>}
            </p>
            <div className="text-xs">
              <CopyId id={number.id} name={number.phoneNumber} />
            </div>
          </div>
          {number.agentId ? (
            <p className="text-xs text-muted">
              Agent <code className="font-mono text-ink">{number.agentId}</code>
            </p>
          ) : (
            <p className="flex items-center gap-1.5 text-warn">
              <WarnIcon />
              No agent, so batch jobs can’t call from it
            </p>
          )}
          {canManage && <NumberActions number={number} organizationId={organizationId} />}
        </li>
      ))}
    </ul>
  );
}

export function AgentAndLabel(props: { agentId?: string; label?: string; propsOf?: ErrorProps }) {
  const { agentId, label, propsOf = () => ({}) } = props;
  return (
    <>
      <Field
        label="Agent ID"
        name="agentId"
        defaultValue={agentId}
        maxLength={128}
        autoComplete="off"
        spellCheck={false}
        hint="The agent that makes the calls. Without one, batch jobs can’t call from this number."
        {...propsOf("agentId")}
      />
      <Field
        label="Label"
        name="label"
        defaultValue={label}
        maxLength={200}
        autoComplete="off"
        hint="Optional. Helps people recognize the number."
        {...propsOf("label")}
      />
    </>
  );
}

function NumberActions({ number, organizationId }: { number: PhoneNumber; organizationId: string }) {
  const hiddenFields = (
    <>
      <input type="hidden" name="organizationId" value={organizationId} />
      <input type="hidden" name="id" value={number.id} />
    </>
  );
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
      <details className="open:w-full">
        <summary aria-label={`Edit ${number.phoneNumber}`} className="w-fit py-1">
          Edit
        </summary>
        <form action="/settings/phone-numbers/update" method="post" className="flex flex-col gap-4 py-2">
          {hiddenFields}
          <AgentAndLabel agentId={number.agentId ?? undefined} label={number.label ?? undefined} />
          <p className="text-xs text-muted">Jobs that exist already keep their agent.</p>
          <Button type="submit" className="self-start" aria-label={`Save ${number.phoneNumber}`}>
            Save
          </Button>
        </form>
      </details>
      <details className="open:w-full">
        <summary aria-label={`Remove ${number.phoneNumber}`} className="w-fit py-1">
          Remove
        </summary>
        <form action="/settings/phone-numbers/remove" method="post">
          {hiddenFields}
          <p className="py-1 text-xs text-muted">
            New jobs can’t use it. Jobs that already use it keep their agent and continue, but dialers no
            longer get a number to call from.
          </p>
          <Button type="submit" variant="danger" aria-label={`Remove phone number ${number.phoneNumber}`}>
            Remove phone number
          </Button>
        </form>
      </details>
    </div>
  );
}
