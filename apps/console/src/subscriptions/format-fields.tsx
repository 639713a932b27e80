import { FORMATS, type Format, SIGNATURES, type Signature } from '@anika/core/subscription';
import { useText } from '../i18n/use-text.ts';
import { Select } from '../ui/text-field.tsx';

type Entered = { readonly format: Format; readonly signature: Signature };
type Props = { readonly entered: Entered; readonly onChange: (changed: Partial<Entered>) => void };

/** What messages look like to who gets them, and what they are signed with. */
export function FormatFields({ entered: { format, signature }, onChange }: Props) {
  const text = useText();
  return (
    <>
      <Select
        name="format"
        label={text('subscription.format')}
        value={format}
        onChange={(value) => onChange({ format: value })}
        options={FORMATS.map((value) => ({ value, label: text(`subscription.format.${value}`) }))}
      />
      <Select
        name="signature"
        label={text('subscription.signature')}
        value={signature}
        onChange={(value) => onChange({ signature: value })}
        options={SIGNATURES.map((value) => ({ value, label: text(`subscription.signature.${value}`) }))}
      />
    </>
  );
}
