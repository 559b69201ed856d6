import { useId, useMemo } from "react";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { cx } from "../../components/cx";
import { Field, Select } from "../../components/field";
import { Slider } from "../../components/slider";
import { Switch } from "../../components/switch";
import type { Rules } from "../../node/tab";
import { countries } from "./countries";
import type { Device } from "./device";
import { hoursADay, PRESETS, presetOf, presetRules } from "./presets";
import { rulesWords } from "./rules_words";
import { hourText } from "./sentence";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const ALWAYS: Rules["hours"] = [0, 0];
const NIGHT: Rules["hours"] = [22, 6];
const BATTERY = ["never", "above", "always"] as const;

interface Part {
  readonly rules: Rules;
  readonly change: (part: Partial<Rules>) => void;
}

/** How much the owner gives, and when. Every change counts at once. */
export function RulesCard({ device: { node, view } }: { device: Device }) {
  const t = useText(rulesWords);
  const { rules, deviceCores } = view;
  const change = (part: Partial<Rules>) => node.setRules({ ...rules, ...part });
  return (
    <Card title={t("title")} hint={t("hint")}>
      <div className="flex flex-col gap-6">
        <Presets rules={rules} change={change} deviceCores={deviceCores} />
        <Cores rules={rules} change={change} deviceCores={deviceCores} />
        <Battery rules={rules} change={change} />
        <Hours rules={rules} change={change} />
        <Country chosen={view.country} onChange={(country) => node.setCountry(country)} />
      </div>
    </Card>
  );
}

function Presets({ rules, change, deviceCores }: Part & { deviceCores: number }) {
  const t = useText(rulesWords);
  const name = useId();
  const chosen = presetOf(rules, deviceCores);
  return (
    <fieldset>
      <legend className="sr-only">{t("presets")}</legend>
      <div className="grid grid-cols-3 gap-1 rounded-md bg-sunken p-1">
        {PRESETS.map((preset) => (
          <label
            key={preset}
            className={cx(
              "grid h-9 cursor-pointer place-items-center rounded-sm px-2 text-center font-medium text-ink-soft",
              "has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:focus-visible]:outline-offset-2",
              chosen === preset ? "bg-surface text-ink shadow-card" : "hover:text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={chosen === preset}
              onChange={() => change(presetRules(preset, deviceCores, rules.hours))}
            />
            {t(preset)}
          </label>
        ))}
      </div>
      <p className="mt-2 min-h-10 text-ink-faint">{t(chosen ? `${chosen}Say` : "ownSay")}</p>
    </fieldset>
  );
}

function Cores({ rules, change, deviceCores }: Part & { deviceCores: number }) {
  const t = useText(rulesWords);
  const present = Math.min(rules.coresWhilePresent, rules.cores);
  const text = (cores: number) => t("coresOf", { cores, all: deviceCores });
  return (
    <div className="flex flex-col gap-4">
      {deviceCores > 1 ? (
        <Slider
          label={t("cores")}
          value={rules.cores}
          min={1}
          max={deviceCores}
          text={text(rules.cores)}
          onChange={(cores) => change({ cores })}
        />
      ) : (
        <p className="text-ink-soft">{t("oneCore")}</p>
      )}
      <div>
        <Slider
          label={t("present")}
          value={present}
          min={0}
          max={rules.cores}
          text={present === 0 ? t("pause") : text(present)}
          onChange={(coresWhilePresent) => change({ coresWhilePresent })}
        />
        <p className="text-ink-faint">{t("presentHint")}</p>
      </div>
    </div>
  );
}

function Battery({ rules, change }: Part) {
  const t = useText(rulesWords);
  const format = useFormat();
  return (
    <div className="flex flex-col gap-4">
      <Field label={t("battery")} hint={t("batteryHint")}>
        <Select
          value={rules.onBattery}
          onChange={(event) => change({ onBattery: event.target.value as Rules["onBattery"] })}
        >
          {BATTERY.map((rule) => (
            <option key={rule} value={rule}>
              {t(rule)}
            </option>
          ))}
        </Select>
      </Field>
      {rules.onBattery === "above" && (
        <Slider
          label={t("charge")}
          value={Math.round(rules.leastCharge * 100)}
          min={5}
          max={95}
          step={5}
          text={format.percent(rules.leastCharge)}
          onChange={(percent) => change({ leastCharge: percent / 100 })}
        />
      )}
    </div>
  );
}

function Hours({ rules, change }: Part) {
  const t = useText(rulesWords);
  const limited = rules.hours[0] !== rules.hours[1];
  return (
    <div className="flex flex-col gap-4">
      <Switch
        label={t("hours")}
        hint={limited ? t("hoursSay", { hours: hoursADay(rules.hours) }) : t("hoursAll")}
        checked={limited}
        onChange={(on) => change({ hours: on ? NIGHT : ALWAYS })}
      />
      {limited && (
        <div className="grid grid-cols-2 gap-4">
          <Hour
            label={t("from")}
            value={rules.hours[0]}
            not={rules.hours[1]}
            onChange={(from) => change({ hours: [from, rules.hours[1]] })}
          />
          <Hour
            label={t("to")}
            value={rules.hours[1]}
            not={rules.hours[0]}
            onChange={(to) => change({ hours: [rules.hours[0], to] })}
          />
        </div>
      )}
    </div>
  );
}

function Country({ chosen, onChange }: { chosen: string; onChange: (country: string) => void }) {
  const t = useText(rulesWords);
  const locale = useLocale();
  const all = useMemo(() => countries(locale), [locale]);
  return (
    <Field label={t("country")} hint={t("countryHint")}>
      <Select value={chosen} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t("countryNone")}</option>
        {all.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** `not`: the other end, for a day from an hour to itself would be no limit. */
function Hour(props: { label: string; value: number; not: number; onChange: (hour: number) => void }) {
  const { label, value, not, onChange } = props;
  const locale = useLocale();
  return (
    <Field label={label}>
      <Select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {HOURS.filter((hour) => hour !== not).map((hour) => (
          <option key={hour} value={hour}>
            {hourText(hour, locale)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
