type Props = {
  /** What it shows, in words. */
  readonly label: string;
  readonly values: readonly number[];
  /** Times that something went wrong at. */
  readonly marks: readonly boolean[];
};

const HEIGHT = 24;
const LOW = HEIGHT - 1;

/** A row of values at a glance: how much, and where something went wrong. */
export function Sparkline({ label, values, marks }: Props) {
  const most = Math.max(1, ...values);
  const y = (value: number) => LOW - (value / most) * (LOW - 3);
  const steps = values.map((value, index) => `L${index} ${y(value)}H${index + 1}`).join('');
  const width = Math.max(1, values.length);
  return (
    <svg
      className="sparkline"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      <title>{label}</title>
      <path className="sparkline-area" d={`M0 ${LOW}${steps}L${width} ${LOW}Z`} />
      <path className="sparkline-line" d={`M0 ${y(values[0] ?? 0)}${steps}`} />
      {marks.map((isMarked, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: marks do not move
        isMarked ? <path key={index} className="sparkline-mark" d={`M${index + 0.5} 0v3.5`} /> : null,
      )}
    </svg>
  );
}
