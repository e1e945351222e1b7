import { allTimeZones } from "@/lib/format/time-zone";
import { Field, SelectField } from "./field";
import type { ErrorProps } from "./form-result";

type Name = "date" | "time" | "timeZone";

/**
 * A date and time in a time zone.
 *
 * @param props with `zone`, the one to offer first; `isRequired` false where they may be hidden; `propsOf` for an input's error.
 */
export function LocalTimeFields(props: {
  values: Partial<Record<Name, string>>;
  zone: string;
  isRequired?: boolean;
  propsOf?: ErrorProps;
}) {
  const { values, zone, isRequired = true, propsOf = () => ({}) } = props;
  const zones = allTimeZones();
  const input = (name: "date" | "time") => ({
    name,
    type: name,
    defaultValue: values[name],
    required: isRequired,
    ...propsOf(name),
  });
  return (
    <div className="flex flex-wrap gap-4">
      <Field label="Date" {...input("date")} />
      <Field label="Time" {...input("time")} />
      <SelectField
        label="Time zone"
        name="timeZone"
        defaultValue={values.timeZone ?? zone}
        {...propsOf("timeZone")}
      >
        {!zones.includes(zone) && <option>{zone}</option>}
        {zones.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
    </div>
  );
}
