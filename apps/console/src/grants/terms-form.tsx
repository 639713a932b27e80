import type { grantBody } from '@anika/contracts/grants';
import type { z } from 'zod';
import { useText } from '../i18n/use-text.ts';
import { Checkbox, Select, TextArea, TextField } from '../ui/text-field.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { type Mask, maskOf, type Terms } from './terms.ts';

export type TermsBody = z.input<typeof grantBody>;

/** What stands in the fields while terms are being written. */
export type Entered = {
  readonly purpose: string;
  readonly types: string;
  readonly filter: string;
  readonly mask: Mask['kind'];
  readonly paths: string;
  readonly history: boolean;
  readonly expiresAt: string;
};

export function enteredOf(terms: Terms): Entered {
  const { kind, paths } = maskOf(terms.fields);
  return {
    purpose: terms.purpose ?? '',
    types: terms.types.join(', '),
    filter: terms.filter === null ? '' : JSON.stringify(terms.filter, undefined, 2),
    mask: kind,
    paths: paths.join('\n'),
    history: terms.history,
    expiresAt: terms.expiresAt ?? '',
  };
}

export const NO_TERMS: Terms = {
  purpose: null,
  types: [],
  filter: null,
  fields: null,
  history: true,
  expiresAt: null,
};

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');

/** The terms as they are entered; undefined where the filter is no JSON object. */
export function termsOf(entered: Entered): Terms | undefined {
  const filter = readFilter(entered.filter);
  if (filter === undefined) return undefined;
  const paths = words(entered.paths);
  const fields = { all: null, exclude: { exclude: paths }, include: { include: paths } }[entered.mask];
  return {
    purpose: entered.purpose.trim() === '' ? null : entered.purpose.trim(),
    types: words(entered.types),
    filter: filter.value,
    fields,
    history: entered.history,
    expiresAt: entered.expiresAt === '' ? null : entered.expiresAt,
  };
}

function readFilter(text: string): { value: Record<string, unknown> | null } | undefined {
  if (text.trim() === '') return { value: null };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return { value: { ...value } };
  } catch {
    return undefined;
  }
}

/** As the API takes them. */
export function bodyOf({ fields, ...terms }: Terms): TermsBody {
  const { kind, paths } = maskOf(fields);
  const shown = { all: null, exclude: { exclude: [...paths] }, include: { include: [...paths] } }[kind];
  return { ...terms, types: [...terms.types], fields: shown };
}

type Props = { readonly entered: Entered; readonly onChange: (entered: Entered) => void };

export function TermsFields({ entered, onChange }: Props) {
  const text = useText();
  const set =
    <N extends keyof Entered>(name: N) =>
    (value: Entered[N]) =>
      onChange({ ...entered, [name]: value });
  return (
    <>
      <TextField
        name="purpose"
        label={text('grant.purpose')}
        hint={text('grant.purposeHint')}
        value={entered.purpose}
        onChange={set('purpose')}
      />
      <div className="form-row">
        <TextField
          name="types"
          label={text('grant.types')}
          hint={text('grant.typesHint')}
          value={entered.types}
          onChange={set('types')}
        />
        <TimeField
          name="expiresAt"
          label={text('grant.until')}
          hint={text('grant.untilHint')}
          value={entered.expiresAt}
          onChange={set('expiresAt')}
        />
      </div>
      <Select
        name="mask"
        label={text('grant.fields')}
        value={entered.mask}
        onChange={set('mask')}
        options={[
          { value: 'all', label: text('grant.mask.all') },
          { value: 'exclude', label: text('grant.mask.exclude') },
          { value: 'include', label: text('grant.mask.include') },
        ]}
      />
      {entered.mask !== 'all' && (
        <TextArea
          name="fields"
          label={text('grant.paths')}
          hint={text('grant.pathsHint')}
          value={entered.paths}
          onChange={set('paths')}
          rows={3}
          code
        />
      )}
      <TextArea
        name="filter"
        label={text('grant.filter')}
        hint={text('grant.filterHint')}
        value={entered.filter}
        onChange={set('filter')}
        error={readFilter(entered.filter) === undefined ? text('grant.filterBroken') : undefined}
        rows={3}
        code
      />
      <Checkbox
        label={text('grant.history')}
        hint={text('grant.historyHint')}
        checked={entered.history}
        onChange={set('history')}
      />
    </>
  );
}
