import type { grantBody } from '@anika/contracts/grants';
import type { z } from 'zod';
import { FilterField } from '../filters/filter-field.tsx';
import { TypesField } from '../filters/types-field.tsx';
import { wordsIn } from '../filters/words-in.ts';
import { useText } from '../i18n/use-text.ts';
import { readJsonObject, writeJsonObject } from '../ui/json-object.ts';
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
    filter: writeJsonObject(terms.filter),
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

/** The terms as they are entered; undefined where the filter is no JSON object. */
export function termsOf(entered: Entered): Terms | undefined {
  const filter = readJsonObject(entered.filter);
  if (filter === undefined) return undefined;
  const paths = wordsIn(entered.paths);
  const fields = { all: null, exclude: { exclude: paths }, include: { include: paths } }[entered.mask];
  return {
    purpose: entered.purpose.trim() === '' ? null : entered.purpose.trim(),
    types: wordsIn(entered.types),
    filter,
    fields,
    history: entered.history,
    expiresAt: entered.expiresAt === '' ? null : entered.expiresAt,
  };
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
        <TypesField name="types" value={entered.types} onChange={set('types')} />
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
      <FilterField value={entered.filter} onChange={set('filter')} />
      <Checkbox
        label={text('grant.history')}
        hint={text('grant.historyHint')}
        checked={entered.history}
        onChange={set('history')}
      />
    </>
  );
}
