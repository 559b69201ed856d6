/** Three that agree, joined into one. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <g className="stroke-on-accent" strokeWidth="2.4" strokeLinecap="round">
        <path d="M16 16.5V9M16 16.5l-6.7 4.6M16 16.5l6.7 4.6" />
      </g>
      <g className="fill-on-accent">
        <circle cx="16" cy="8.2" r="3" />
        <circle cx="8.6" cy="21.6" r="3" />
        <circle cx="23.4" cy="21.6" r="3" />
        <circle cx="16" cy="16.5" r="3.6" />
      </g>
    </svg>
  );
}

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2.5 font-semibold text-base tracking-tight">
      <Mark className="size-7" />
      WE1WEB
    </span>
  );
}
