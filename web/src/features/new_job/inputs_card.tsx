import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { Choice } from "../../components/choice";
import { Field, Select, Textarea } from "../../components/field";
import { Switch } from "../../components/switch";
import { type Draft, formOf } from "./draft";
import { ChosenFile, DropArea, FileButton } from "./file_button";
import type { Form, Header } from "./inputs/parse";
import { text } from "./messages";
import { Preview } from "./preview";
import type { Part } from "./program_card";
import type { Inputs } from "./use_inputs";

const PYTHON_FORMS = ["lines", "json_lines", "csv", "json"] as const;
const WASM_FORMS = ["lines", "files"] as const;
const BY_ENDING: readonly (readonly [RegExp, Form])[] = [
  [/\.(csv|tsv)$/i, "csv"],
  [/\.(jsonl|ndjson)$/i, "json_lines"],
  [/\.json$/i, "json"],
];

/** What it is run for: typed, pasted or from files. */
export function InputsCard({ inputs, entry, ...part }: Part & { inputs: Inputs; entry: string }) {
  const t = useText(text);
  const { draft, change, wrong } = part;
  const form = formOf(draft);
  const forms = draft.runtime === "python" ? PYTHON_FORMS : WASM_FORMS;
  const about = draft.runtime === "wasm" && form === "lines" ? t("about_wasm_lines") : t(`about_${form}`);
  const error = wrong("inputs");
  return (
    <Card title={t("inputs")} hint={t("inputsHint")}>
      <div className="flex flex-col gap-4">
        <div className="flex flex-col items-start gap-2">
          <Choice
            label={t("form")}
            value={form}
            options={forms.map((value) => ({ value, label: t(`form_${value}`) }))}
            onChange={(value) => change({ form: value })}
          />
          <p className="text-ink-faint text-sm">{about}</p>
        </div>
        {form === "files" ? <FileInputs {...part} /> : <TextInputs {...part} form={form} />}
        {form !== "files" && draft.runtime === "python" && <Options {...part} form={form} />}
        <Preview draft={draft} inputs={inputs} entry={entry} />
        {error && (
          <p role="alert" className="text-bad text-sm">
            {error}
          </p>
        )}
      </div>
    </Card>
  );
}

function TextInputs({ draft, change, form }: Part & { form: Form }) {
  const t = useText(text);
  const take = ([file]: readonly File[]) => {
    if (!file) return;
    const found = draft.runtime === "python" ? BY_ENDING.find(([ending]) => ending.test(file.name))?.[1] : undefined;
    change({ file, ...(found && { form: found }) });
  };
  const tools = (
    <FileButton accept=".txt,.csv,.tsv,.json,.jsonl,.ndjson,text/*" onFiles={take}>
      {t("uploadInputs")}
    </FileButton>
  );
  if (draft.file) {
    return (
      <div className="flex flex-col gap-1.5">
        <div className="flex items-center justify-between gap-2">
          <span className="font-medium text-sm">{t("inputsText")}</span>
          {tools}
        </div>
        <ChosenFile file={draft.file} onRemove={() => change({ file: undefined })} />
      </div>
    );
  }
  return (
    <DropArea onFiles={take}>
      <Field label={t("inputsText")} aside={tools}>
        <Textarea
          value={draft.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
          placeholder={t(`place_${form}`)}
          rows={7}
          spellCheck={false}
          autoCapitalize="off"
          className="resize-y whitespace-pre font-mono leading-5 sm:text-[0.8125rem]"
        />
      </Field>
    </DropArea>
  );
}

function FileInputs({ draft, change }: Part) {
  const t = useText(text);
  const add = (files: readonly File[]) => change({ files: [...draft.files, ...files] });
  const remove = (file: File) => change({ files: draft.files.filter((other) => other !== file) });
  return (
    <DropArea onFiles={add}>
      <div className="flex flex-col items-start gap-2">
        <FileButton accept="" multiple onFiles={add}>
          {draft.files.length > 0 ? t("addFiles") : t("chooseFiles")}
        </FileButton>
        <ul className="flex max-h-72 w-full flex-col gap-1.5 overflow-y-auto">
          {draft.files.slice(0, 100).map((file, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be chosen twice
            <li key={`${place}:${file.name}`}>
              <ChosenFile file={file} onRemove={() => remove(file)} />
            </li>
          ))}
        </ul>
        {draft.files.length > 100 && (
          <p className="text-ink-faint text-sm">{t("moreTasks", { count: draft.files.length - 100 })}</p>
        )}
      </div>
    </DropArea>
  );
}

const HEADERS: readonly Header[] = ["detect", "yes", "no"];

function Options({ draft, change, form }: Part & { form: Form }) {
  const t = useText(text);
  if (form === "lines") return null;
  if (form !== "csv") {
    return (
      <Switch
        label={t("spread")}
        hint={t("spreadHint")}
        checked={draft.spread}
        onChange={(spread) => change({ spread })}
      />
    );
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t("header")}>
        <Select
          value={draft.header}
          onChange={(event) => change({ header: event.currentTarget.value as Draft["header"] })}
        >
          {HEADERS.map((value) => (
            <option key={value} value={value}>
              {t(`header_${value}`)}
            </option>
          ))}
        </Select>
      </Field>
      <div className="sm:pt-6">
        <Switch
          label={t("numbers")}
          hint={t("numbersHint")}
          checked={draft.numbers}
          onChange={(numbers) => change({ numbers })}
        />
      </div>
    </div>
  );
}
