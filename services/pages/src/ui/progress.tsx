interface ProgressProps {
  done: number;
  /** Null or undefined: nobody knows; the bar shows that something is under way. */
  total?: number | null;
  /** Read out with the bar, e.g. "Uploading photo.png". */
  label: string;
  note?: string | null;
}

/** A bar with its note below; keeps its height whatever it shows. */
export function Progress({ done, total, label, note }: ProgressProps) {
  const known = total !== null && total !== undefined && total > 0;
  const percent = known ? Math.min(100, Math.round((done / total) * 100)) : undefined;
  return (
    <div class="progress">
      <progress aria-label={label} max={100} value={percent} />
      <small class="soft">{note ?? (percent === undefined ? ' ' : `${percent} %`)}</small>
    </div>
  );
}
