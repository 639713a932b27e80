import { useText } from '../i18n/use-text.ts';
import { readJsonObject } from '../ui/json-object.ts';
import { TextArea } from '../ui/text-field.tsx';

type Props = { readonly value: string; readonly onChange: (value: string) => void };

/** A filter as JSON; empty: none. What is entered is read with `readJsonObject`. */
export function FilterField({ value, onChange }: Props) {
  const text = useText();
  const isBroken = readJsonObject(value) === undefined;
  return (
    <TextArea
      name="filter"
      label={text('grant.filter')}
      hint={text('grant.filterHint')}
      value={value}
      onChange={onChange}
      error={isBroken ? text('grant.filterBroken') : undefined}
      rows={3}
      code
    />
  );
}
