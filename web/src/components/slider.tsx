import { Slider as BaseSlider } from "@base-ui/react/slider";
import type { ReactNode } from "react";

/** A number between two; `text` says it in words ("2 of 8"), on the screen and to screen readers. */
export function Slider(props: {
  label: ReactNode;
  value: number;
  min: number;
  max: number;
  step?: number;
  text: string;
  onChange: (value: number) => void;
  /** When the finger has left it. */
  onDone?: (value: number) => void;
  disabled?: boolean;
}) {
  const { label, value, min, max, step = 1, text, onChange, onDone, disabled = false } = props;
  return (
    <BaseSlider.Root
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={(next) => onChange(Number(next))}
      onValueCommitted={(next) => onDone?.(Number(next))}
    >
      <div className="flex items-baseline justify-between gap-4">
        <BaseSlider.Label className="font-medium text-sm">{label}</BaseSlider.Label>
        <span className="font-semibold text-base tabular-nums">{text}</span>
      </div>
      <BaseSlider.Control className="flex h-9 w-full touch-none items-center select-none data-[disabled]:opacity-55">
        <BaseSlider.Track className="h-1.5 w-full rounded-full bg-line">
          <BaseSlider.Indicator className="rounded-full bg-accent" />
          <BaseSlider.Thumb
            getAriaValueText={() => text}
            className="size-5 rounded-full border-2 border-accent bg-surface shadow-card has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:focus-visible]:outline-offset-2"
          />
        </BaseSlider.Track>
      </BaseSlider.Control>
    </BaseSlider.Root>
  );
}
