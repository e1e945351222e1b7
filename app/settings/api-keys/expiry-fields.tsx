import { type expiryChoices, overlapHours } from "@/lib/api-keys/schema";
import { Field } from "../../parts/field";
import { Notice } from "../../parts/notice";
import { SelectField } from "../../parts/select-field";

const words: Record<(typeof expiryChoices)[number], string> = {
  "30": "In 30 days",
  "90": "In 90 days",
  "365": "In a year",
  date: "On a date …",
  never: "Never",
};

/** When a new key ends. What a choice needs appears with it, by CSS alone, so without JavaScript too. */
export function ExpiryFields({ kept = {} }: { kept?: Record<string, string> }) {
  return (
    <div className="group flex flex-col gap-4">
      <SelectField label="Expires" name="expiry" defaultValue={kept.expiry ?? "90"}>
        {Object.entries(words).map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </SelectField>
      <div className="hidden group-has-[option[value=date]:checked]:block">
        <Field
          label="Last day"
          name="expiryDate"
          type="date"
          defaultValue={kept.expiryDate}
          hint="The key works until the end of this day, in UTC."
        />
      </div>
      <div className="hidden group-has-[option[value=never]:checked]:block">
        <Notice>
          A key that never expires works for whoever finds it, until somebody notices. Rotating every 90 days
          is safer, and takes no outage here.
        </Notice>
      </div>
    </div>
  );
}

const overlapWords: Record<(typeof overlapHours)[number], string> = {
  "0": "None: the old key ends now",
  "1": "1 hour",
  "24": "24 hours",
  "168": "7 days",
};

/** For how long the old key goes on beside the new one. */
export function OverlapField() {
  return (
    <SelectField label="The old key goes on for" name="overlap" defaultValue="24">
      {overlapHours.map((hours) => (
        <option key={hours} value={hours}>
          {overlapWords[hours]}
        </option>
      ))}
    </SelectField>
  );
}
