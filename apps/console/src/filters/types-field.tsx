import { useText } from '../i18n/use-text.ts';
import { TextField } from '../ui/text-field.tsx';

type Props = {
  /** As the API names it, so that what it says of the field stands here. */
  readonly name: 'types' | 'eventTypes';
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** Event types; empty: all. What is entered is read with `wordsIn`. */
export function TypesField(field: Props) {
  const text = useText();
  return <TextField {...field} label={text('grant.types')} hint={text('grant.typesHint')} />;
}
