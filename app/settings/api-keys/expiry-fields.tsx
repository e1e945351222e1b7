import { type expiryChoices, expiryDaysMax, overlapHours } from "@/lib/api-keys/schema";
import { Field, SelectField } from "../../components/field";
import type { ErrorProps } from "../../components/form-result";
import { Notice } from "../../components/notice";

const expiryLabels: Record<(typeof expiryChoices)[number], string> = {
  "30": "30 days",
  "90": "90 days",
  "365": "1 year",
  date: "Custom date…",
  never: "Never",
};

const dateIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** When a new key expires. CSS shows what a choice needs, so this works without JavaScript. */
export function ExpiryFields({
  draft = {},
  label = "Expires",
  propsOf = () => ({}),
}: {
  draft?: Record<string, string>;
  label?: string;
  propsOf?: ErrorProps;
}) {
  return (
    <div className="group flex flex-col gap-4">
      <SelectField label={label} name="expiry" defaultValue={draft.expiry ?? "90"}>
        {Object.entries(expiryLabels).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
      <div className="hidden group-has-[option[value=date]:checked]:block">
        <Field
          label="Expiration date"
          name="expiryDate"
          type="date"
          defaultValue={draft.expiryDate}
          min={dateIn(0)}
          max={dateIn(expiryDaysMax - 1)}
          hint="The key works until the end of this day (UTC)."
          {...propsOf("expiryDate")}
        />
      </div>
      <div className="hidden group-has-[option[value=never]:checked]:block">
        <Notice>
          A leaked key that never expires works until someone notices. Rotating every 90 days is safer, and
          causes no downtime.
        </Notice>
      </div>
    </div>
  );
}

const overlapLabels: Record<(typeof overlapHours)[number], string> = {
  "0": "No overlap: revoke the old key now",
  "1": "1 hour",
  "24": "24 hours",
  "168": "7 days",
};

export function OverlapField() {
  return (
    <SelectField label="Keep the old key for" name="overlap" defaultValue="24">
      {overlapHours.map((hours) => (
        <option key={hours} value={hours}>
          {overlapLabels[hours]}
        </option>
      ))}
    </SelectField>
  );
}
