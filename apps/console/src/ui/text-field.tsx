import { type ReactNode, useId } from 'react';
import { useFieldError } from './form.tsx';
import { Visible } from './visible.tsx';
import { visibleText } from './visible-text.ts';

type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
};

type Around = FieldProps & {
  readonly error?: string | undefined;
  readonly children: (ids: {
    id: string;
    describedBy: string | undefined;
    invalid: true | undefined;
  }) => ReactNode;
};

/** A label, what is entered, what is to be known of it, and what is wrong with it. */
function Field({ name, label, hint, error: own, children }: Around) {
  const id = useId();
  const error = useFieldError(name) ?? own;
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, describedBy: ids.join(' ') || undefined, invalid: error !== undefined || undefined })}
      {hint !== undefined && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`} role="alert">
          <Visible text={error} />
        </p>
      )}
    </div>
  );
}

type TextFieldProps = FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'search';
  readonly autoComplete?: string;
  readonly autoFocus?: boolean;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly error?: string | undefined;
};

export function TextField({ name, label, hint, error, onChange, type = 'text', ...input }: TextFieldProps) {
  return (
    <Field name={name} label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          name={name}
          type={type}
          className="input"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...input}
        />
      )}
    </Field>
  );
}

type TextAreaProps = FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly code?: boolean;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly error?: string | undefined;
};

export function TextArea({
  name,
  label,
  hint,
  error,
  onChange,
  code = false,
  rows = 4,
  ...area
}: TextAreaProps) {
  return (
    <Field name={name} label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <textarea
          id={id}
          name={name}
          className={code ? 'input code' : 'input'}
          rows={rows}
          spellCheck={!code}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...area}
        />
      )}
    </Field>
  );
}

export type Option<V extends string> = { readonly value: V; readonly label: string };

type SelectProps<V extends string> = FieldProps & {
  readonly value: V;
  readonly onChange: (value: V) => void;
  readonly options: readonly Option<V>[];
};

export function Select<V extends string>({ name, label, hint, value, onChange, options }: SelectProps<V>) {
  return (
    <Field name={name} label={label} hint={hint}>
      {({ id, describedBy, invalid }) => (
        <select
          id={id}
          name={name}
          className="input"
          value={value}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.currentTarget.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {visibleText(option.label)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type CheckboxProps = {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
};

export function Checkbox({ label, hint, checked, onChange }: CheckboxProps) {
  const id = useId();
  return (
    <div className="checkbox">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
