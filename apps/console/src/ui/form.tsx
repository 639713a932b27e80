import { createContext, type FormEvent, type ReactNode, type SyntheticEvent, useContext } from 'react';
import { useIntl } from 'react-intl';
import type { ApiProblem } from '../api/api.ts';
import { AsApiCall } from '../api/as-api-call.tsx';
import { errorOf, fieldWords, ruleWords } from '../api/field-words.ts';
import type { ApiCall } from '../api/snippets.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from './button.tsx';
import { Problem } from './problem.tsx';

/** What the API said of single fields, by their paths. */
const FieldErrors = createContext<ReadonlyMap<string, string>>(new Map());

export function useFieldError(name: string): string | undefined {
  return errorOf(name, useContext(FieldErrors));
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function isField(target: EventTarget): target is Field {
  return (
    (target instanceof HTMLInputElement && !target.hidden) ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}

/** What was said of a field was said of what stood there before: each time it is judged anew. */
function renew({ currentTarget: form }: SyntheticEvent<HTMLFormElement>) {
  for (const field of form.elements) if (isField(field)) field.setCustomValidity('');
}

type Props = {
  readonly children: ReactNode;
  readonly onSubmit: () => void;
  /** On the button. */
  readonly submit: string;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  /** What a code means in this form, where it means more than in general. */
  readonly wrong?: Readonly<Record<string, string>>;
  readonly disabledBecause?: string | undefined;
  readonly danger?: boolean;
  /** Beside the button. */
  readonly beside?: ReactNode;
  /** What it would send as it stands; left out while it cannot be sent, and where a program has nothing to send. */
  readonly call?: ApiCall | undefined;
};

/** The API judges what is entered; what it says of a field stands at the field. */
export function Form(props: Props) {
  const { children, onSubmit, submit, busy, problem, wrong, disabledBecause, danger = false } = props;
  const text = useText();
  const intl = useIntl();
  const errors = new Map(
    (problem?.problem?.errors ?? []).map((error) => {
      const issue = problem?.issues.get(error.path);
      const words = ruleWords(error, intl) ?? (issue && fieldWords(issue, text));
      return [error.path, words ?? error.message];
    }),
  );
  const own = problem === null ? undefined : wrong?.[problem.code];
  /** What a browser says of an empty field, it says in its own language. */
  function refuse({ target }: FormEvent) {
    if (isField(target) && target.validity.valueMissing) target.setCustomValidity(text('field.required'));
  }
  function send(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation(); // a dialog's form lies, for React, within the form that opened it
    if (!busy && disabledBecause === undefined) onSubmit();
  }
  return (
    <FieldErrors value={errors}>
      <form
        className="form"
        onSubmit={send}
        onInvalidCapture={refuse}
        onInputCapture={renew}
        onClickCapture={renew}
        onKeyDownCapture={renew}
        noValidate={false}
      >
        {children}
        {own !== undefined && (
          <p className="form-wrong" role="alert">
            {own}
          </p>
        )}
        {own === undefined && problem !== null && <Problem problem={problem} />}
        <div className="form-actions">
          <Button
            type="submit"
            kind={danger ? 'danger' : 'primary'}
            busy={busy}
            disabledBecause={disabledBecause}
          >
            {submit}
          </Button>
          {props.beside}
          {props.call !== undefined && <AsApiCall call={props.call} />}
        </div>
      </form>
    </FieldErrors>
  );
}
