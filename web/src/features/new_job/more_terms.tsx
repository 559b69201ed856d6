import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { type Locale, useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { Field, Input, Select } from "../../components/field";
import { Switch } from "../../components/switch";
import { STRATEGIES, VALIDATORS } from "./draft";
import { text } from "./messages";
import { countriesOf } from "./order";
import type { Part } from "./program_card";

const MEMORY_GB = ["2", "4", "8", "16", "32"] as const;

/** Conditions that most jobs do without, behind one button; open when one of them is set or wrong. */
export function MoreTerms(part: Part) {
  const t = useText(text);
  const { draft, wrong } = part;
  const [opened, setOpened] = useState(false);
  const set = [draft.deadlineH, draft.countries, draft.notCountries, draft.memoryGb, draft.cores, draft.strategy];
  const bad = (["deadline", "minutes", "countries", "cores", "tolerance"] as const).some(wrong);
  const open = opened || bad || draft.gpu || draft.validator !== "exact" || set.some((value) => value !== "");
  return (
    <div className="border-line border-t pt-4">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpened(!open)}
        className="flex w-full items-start gap-2 rounded-sm text-left"
      >
        <ChevronRight
          aria-hidden
          className={cx("mt-0.5 size-4 text-ink-faint transition-transform", open && "rotate-90")}
        />
        <span>
          <span className="block font-medium text-sm">{t("more")}</span>
          {!open && <span className="block text-ink-faint text-sm">{t("moreHint")}</span>}
        </span>
      </button>
      {open && <MoreFields {...part} />}
    </div>
  );
}

function MoreFields(part: Part) {
  return (
    <div className="mt-4 grid gap-x-4 gap-y-5 sm:grid-cols-2">
      <TimeFields {...part} />
      <PlaceFields {...part} />
      <HardwareFields {...part} />
      <KindFields {...part} />
    </div>
  );
}

function TimeFields({ draft, change, wrong }: Part) {
  const t = useText(text);
  return (
    <>
      <Field label={t("deadline")} hint={t("deadlineHint")} error={wrong("deadline")}>
        <Input
          value={draft.deadlineH}
          inputMode="decimal"
          placeholder={t("noDeadline")}
          onChange={(event) => change({ deadlineH: event.currentTarget.value })}
        />
      </Field>
      <Field label={t("minutes")} hint={t("minutesHint")} error={wrong("minutes")}>
        <Input
          value={draft.minutes}
          inputMode="decimal"
          onChange={(event) => change({ minutes: event.currentTarget.value })}
        />
      </Field>
    </>
  );
}

function PlaceFields({ draft, change, wrong }: Part) {
  const t = useText(text);
  const locale = useLocale();
  const named = (codes: string) =>
    countriesOf(codes)
      .map((code) => countryName(code, locale) ?? code)
      .join(", ");
  return (
    <>
      <Field label={t("countries")} hint={named(draft.countries) || t("countriesHint")} error={wrong("countries")}>
        <Input
          value={draft.countries}
          placeholder={t("anywhere")}
          autoCapitalize="characters"
          onChange={(event) => change({ countries: event.currentTarget.value })}
        />
      </Field>
      <Field label={t("notCountries")} hint={named(draft.notCountries) || t("countriesHint")}>
        <Input
          value={draft.notCountries}
          placeholder={t("nowhere")}
          autoCapitalize="characters"
          onChange={(event) => change({ notCountries: event.currentTarget.value })}
        />
      </Field>
    </>
  );
}

function HardwareFields({ draft, change, wrong }: Part) {
  const t = useText(text);
  return (
    <>
      <Field label={t("memory")}>
        <Select value={draft.memoryGb} onChange={(event) => change({ memoryGb: event.currentTarget.value })}>
          <option value="">{t("memoryAny")}</option>
          {MEMORY_GB.map((size) => (
            <option key={size} value={size}>
              {t("memoryAtLeast", { size })}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("cores")} error={wrong("cores")}>
        <Input
          value={draft.cores}
          inputMode="numeric"
          placeholder={t("coresAny")}
          onChange={(event) => change({ cores: event.currentTarget.value })}
        />
      </Field>
      <div className="sm:col-span-2">
        <Switch label={t("gpu")} checked={draft.gpu} onChange={(gpu) => change({ gpu })} />
      </div>
    </>
  );
}

function KindFields({ draft, change, wrong }: Part) {
  const t = useText(text);
  return (
    <>
      <Field label={t("strategy")}>
        <Select value={draft.strategy} onChange={(event) => change({ strategy: event.currentTarget.value })}>
          <option value="">{t("strategy_default")}</option>
          {STRATEGIES.map((strategy) => (
            <option key={strategy} value={strategy}>
              {t(`strategy_${strategy}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("validator")}>
        <Select
          value={draft.validator}
          onChange={(event) => change({ validator: event.currentTarget.value as (typeof VALIDATORS)[number] })}
        >
          {VALIDATORS.map((validator) => (
            <option key={validator} value={validator}>
              {t(`validator_${validator}`)}
            </option>
          ))}
        </Select>
      </Field>
      {draft.validator === "numeric_tolerance" && (
        <Field label={t("tolerance")} error={wrong("tolerance")} className="sm:col-start-2">
          <Input
            value={draft.tolerance}
            inputMode="decimal"
            onChange={(event) => change({ tolerance: event.currentTarget.value })}
          />
        </Field>
      )}
    </>
  );
}

/** Codes that browsers have a name for and that no device is in. */
const NO_COUNTRIES = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

/** Undefined for what is no country. */
export function countryName(code: string, locale: Locale): string | undefined {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.has(code)) return undefined;
  return new Intl.DisplayNames(locale, { type: "region", fallback: "none" }).of(code);
}
