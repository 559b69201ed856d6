import { FileUp, X } from "lucide-react";
import { type DragEvent, type ReactNode, useRef } from "react";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button, IconButton } from "../../components/button";
import { text } from "./messages";

/** Opens the browser's own file window. */
export function FileButton(props: {
  accept: string;
  multiple?: boolean;
  onFiles: (files: readonly File[]) => void;
  children: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="sm" icon={<FileUp aria-hidden className="size-4" />} onClick={() => input.current?.click()}>
        {props.children}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={props.accept}
        multiple={props.multiple ?? false}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = ""; // the same file again is a change, too
          if (files.length > 0) props.onFiles(files);
        }}
      />
    </>
  );
}

/** A file that was chosen. */
export function ChosenFile({ file, onRemove }: { file: File; onRemove: () => void }) {
  const t = useText(text);
  const format = useFormat();
  return (
    <div className="flex items-center gap-3 rounded-md border border-line bg-sunken/60 py-1.5 pr-1.5 pl-3 text-sm">
      <span className="min-w-0 flex-1 truncate font-medium">{file.name}</span>
      <span className="shrink-0 text-ink-faint">{format.bytes(file.size)}</span>
      <IconButton label={t("removeFile", { name: file.name })} onClick={onRemove}>
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}

/** Takes files that are let go over `children`. */
export function DropArea({ onFiles, children }: { onFiles: (files: readonly File[]) => void; children: ReactNode }) {
  const drop = (event: DragEvent) => {
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  const over = (event: DragEvent) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same for everybody else
    <div onDrop={drop} onDragOver={over}>
      {children}
    </div>
  );
}
