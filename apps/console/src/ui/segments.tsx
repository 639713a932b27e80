import type { Option } from './text-field.tsx';

type Props<V extends string> = {
  /** What is chosen; read out, not shown. */
  readonly label: string;
  readonly value: V;
  readonly onChange: (value: V) => void;
  readonly options: readonly Option<V>[];
};

/** One of a few that all can be seen. */
export function Segments<V extends string>({ label, value, onChange, options }: Props<V>) {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
