import { BookOpen } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Choice } from "../../components/choice";
import { Field, Select, Textarea } from "../../components/field";
import { Menu } from "../../components/menu";
import { toast } from "../../components/toast";
import type { Change, Draft } from "./draft";
import { EXAMPLES, type ExampleName } from "./examples";
import { ChosenFile, DropArea, FileButton } from "./file_button";
import { text } from "./messages";
import { Notice } from "./notice";
import { entryOf, type Problem } from "./order";
import { missingImports, type PythonFunction } from "./python";

const WASM_MAGIC = "\0asm";

export interface Part {
  readonly draft: Draft;
  readonly change: Change;
  /** What is wrong with a field, in words, once it is time to say so. */
  readonly wrong: (field: Problem["field"]) => string | undefined;
}

/** What is run: a Python function or a WebAssembly module. */
export function ProgramCard({ functions, ...part }: Part & { functions: readonly PythonFunction[] }) {
  const t = useText(text);
  const { draft, change } = part;
  const kinds = [
    { value: "python", label: t("python") },
    { value: "wasm", label: t("wasm") },
  ] as const;
  const pick = (
    <Choice label={t("runtime")} value={draft.runtime} options={kinds} onChange={(runtime) => change({ runtime })} />
  );
  return (
    <Card title={t("program")} actions={pick}>
      {draft.runtime === "python" ? <PythonProgram {...part} functions={functions} /> : <ModuleProgram {...part} />}
    </Card>
  );
}

function PythonProgram({ draft, change, wrong, functions }: Part & { functions: readonly PythonFunction[] }) {
  const t = useText(text);
  const takeFile = async ([file]: readonly File[]) => {
    const source = await textOf(file);
    if (source === undefined) toast(t("notText", { name: file?.name ?? "" }), { tone: "bad" });
    else change({ source, entry: "" });
  };
  const entry = entryOf(draft, functions);
  return (
    <div className="flex flex-col gap-4">
      <DropArea onFiles={(files) => void takeFile(files)}>
        <Field
          label={t("source")}
          hint={t("sourceHint")}
          error={wrong("source")}
          aside={<SourceTools {...{ draft, change, takeFile }} />}
        >
          <Textarea
            value={draft.source}
            onChange={(event) => change({ source: event.currentTarget.value })}
            onKeyDown={keepIndent}
            placeholder={t("sourcePlaceholder")}
            rows={14}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            wrap="off"
            className="resize-y font-mono leading-5 sm:text-[0.8125rem]"
          />
        </Field>
      </DropArea>
      <MissingImports source={draft.source} />
      {entry && (
        <Field label={t("entry")} hint={t("entryHint")} error={wrong("entry")}>
          <Select value={entry.name} onChange={(event) => change({ entry: event.currentTarget.value })}>
            {functions.map(({ name, parameters }) => (
              <option key={name} value={name}>{`${name}(${parameters})`}</option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  );
}

function SourceTools(props: { draft: Draft; change: Change; takeFile: (files: readonly File[]) => Promise<void> }) {
  const t = useText(text);
  const { draft, change, takeFile } = props;
  const take = (name: ExampleName) => {
    const { source, text: inputs, file } = draft;
    change(EXAMPLES[name]);
    if (source.trim() === "" && inputs.trim() === "" && !file) return;
    toast(t("exampleTaken"), { action: { label: t("undo"), onPress: () => change(draft) } });
  };
  const items = (["factors", "chance", "words"] as const).map((name) => ({
    label: t(`example_${name}`),
    onSelect: () => take(name),
  }));
  return (
    <div className="flex gap-2">
      <Menu
        trigger={
          <Button size="sm" icon={<BookOpen aria-hidden className="size-4" />}>
            {t("example")}
          </Button>
        }
        items={items}
      />
      <FileButton accept=".py,text/x-python" onFiles={(files) => void takeFile(files)}>
        {t("uploadSource")}
      </FileButton>
    </div>
  );
}

function MissingImports({ source }: { source: string }) {
  const t = useText(text);
  const missing = missingImports(source);
  if (missing.length === 0) return null;
  const modules = missing.map(({ module, line }) => t("importAt", { module, line })).join(", ");
  return <Notice tone="warn">{t("missingImports", { count: missing.length, modules })}</Notice>;
}

function ModuleProgram({ draft, change, wrong }: Part) {
  const t = useText(text);
  const takeFile = async ([file]: readonly File[]) => {
    if (file && (await isModule(file))) change({ module: file });
    else toast(t("notWasm", { name: file?.name ?? "" }), { tone: "bad" });
  };
  return (
    <DropArea onFiles={(files) => void takeFile(files)}>
      <ModuleField
        label={t("module")}
        hint={t("moduleHint")}
        error={wrong("module")}
        file={draft.module}
        onFiles={(files) => void takeFile(files)}
        onRemove={() => change({ module: undefined })}
      />
    </DropArea>
  );
}

export function ModuleField(props: {
  label: string;
  hint: string;
  error: string | undefined;
  file: File | undefined;
  onFiles: (files: readonly File[]) => void;
  onRemove: () => void;
}) {
  const t = useText(text);
  const { label, hint, error, file, onFiles, onRemove } = props;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="sr-only">{label}</legend>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span aria-hidden className="font-medium text-sm">
          {label}
        </span>
        <FileButton accept=".wasm,application/wasm" onFiles={onFiles}>
          {t("chooseModule")}
        </FileButton>
      </div>
      {file && <ChosenFile file={file} onRemove={onRemove} />}
      {error ? <p className="text-bad text-sm">{error}</p> : <p className="text-ink-faint text-sm">{hint}</p>}
    </fieldset>
  );
}

export async function isModule(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return String.fromCharCode(...head) === WASM_MAGIC;
}

async function textOf(file: File | undefined): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file?.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** A new line begins where the one before it began, one step further after a colon. Tab still leaves the field. */
function keepIndent(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
  const { value, selectionStart } = event.currentTarget;
  const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
  const indent = (/^[ \t]*/.exec(line)?.[0] ?? "") + (line.trimEnd().endsWith(":") ? "    " : "");
  // insertText keeps the browser's own undo; where it is not supported, Enter does what it always does.
  if (indent !== "" && document.execCommand("insertText", false, `\n${indent}`)) event.preventDefault();
}
