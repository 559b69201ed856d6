import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { accountGetPreferences, accountStorePreferences } from "../../api";
import { LOCALES, type Locale, setLocale, useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { setTheme, type Theme, useTheme } from "../../app/theme";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Select } from "../../components/field";
import { PREFERENCES } from "./keys";
import { text } from "./messages";
import { keep, type Looks as LooksChosen, looksOf, type Store } from "./preferences";
import { Section } from "./section";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const LANGUAGES: Readonly<Record<Locale, string>> = { en: "English", de: "Deutsch" };

const store: Store = {
  read: () => accountGetPreferences(),
  write: ({ version, document }) => accountStorePreferences({ body: { version, document: { ...document } } }),
};

function adopt({ locale, theme }: LooksChosen): void {
  if (locale) setLocale(locale);
  if (theme) setTheme(theme);
}

/** Language and colours: of this browser, and as the account keeps them for the next one. */
export function Looks() {
  const t = useText(text);
  const here = { locale: useLocale(), theme: useTheme() };
  const queries = useQueryClient();
  const kept = useQuery({ queryKey: PREFERENCES, queryFn: store.read });
  const save = useMutation({
    mutationFn: (change: LooksChosen) => keep(store, change),
    onSuccess: (next) => queries.setQueryData(PREFERENCES, next),
  });
  const choose = (change: LooksChosen) => {
    adopt(change);
    save.mutate(change);
  };
  return (
    <Section id="looks" title={t("looks")} hint={t("looksHint")}>
      <Card>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={t("language")}>
            <Select
              value={here.locale}
              onChange={(event) => choose({ locale: event.currentTarget.value as Locale })}
              autoComplete="off"
            >
              {LOCALES.map((locale) => (
                <option key={locale} value={locale} lang={locale}>
                  {LANGUAGES[locale]}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t("theme")}>
            <Select
              value={here.theme}
              onChange={(event) => choose({ theme: event.currentTarget.value as Theme })}
              autoComplete="off"
            >
              {THEMES.map((theme) => (
                <option key={theme} value={theme}>
                  {t(`theme_${theme}`)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <div className="mt-4 min-h-8">
          {save.isError ? (
            <ErrorNotice error={save.error} onRetry={() => save.mutate(here)} />
          ) : kept.isError ? (
            <ErrorNotice error={kept.error} onRetry={() => void kept.refetch()} />
          ) : (
            kept.data && (
              <Agreement
                here={here}
                kept={looksOf(kept.data.document)}
                saving={save.isPending}
                onKeep={() => save.mutate(here)}
              />
            )
          )}
        </div>
        <dl className="mt-4 border-line border-t pt-5">
          <dt className="font-medium">{t("currency")}</dt>
          <dd className="mt-0.5 text-ink-faint">{t("currencyHint")}</dd>
        </dl>
      </Card>
    </Section>
  );
}

/** Whether this browser looks as the account keeps it, and what can be done when it does not. */
function Agreement(props: { here: Required<LooksChosen>; kept: LooksChosen; saving: boolean; onKeep: () => void }) {
  const t = useText(text);
  const { here, kept, saving, onKeep } = props;
  const others = [
    kept.locale && kept.locale !== here.locale && LANGUAGES[kept.locale],
    kept.theme && kept.theme !== here.theme && t(`theme_${kept.theme}`),
  ].filter(Boolean);
  const agreed = kept.locale || kept.theme ? t("looksSaved") : t("looksHere");
  if (saving || others.length === 0) {
    return (
      <p role="status" className="leading-8 text-ink-faint">
        {saving ? t("looksSaving") : agreed}
      </p>
    );
  }
  return (
    <div role="status" className="flex flex-wrap items-center gap-2">
      <span className="mr-auto">{t("looksElsewhere", { what: others.join(", ") })}</span>
      <Button size="sm" onClick={() => adopt(kept)}>
        {t("looksAdopt")}
      </Button>
      <Button size="sm" onClick={onKeep}>
        {t("looksKeep")}
      </Button>
    </div>
  );
}
