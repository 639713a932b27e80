import { NOTICE_TYPES, type NoticeType } from '@anika/core/notice/notice';
import { useText } from '../i18n/use-text.ts';
import { Checkbox } from '../ui/text-field.tsx';

type Props = {
  readonly legend: string;
  readonly chosen: readonly NoticeType[];
  readonly onChange: (chosen: readonly NoticeType[]) => void;
};

/** Some of all types of notices, in their order. */
export function NoticeTypes({ legend, chosen, onChange }: Props) {
  const text = useText();
  const toggle = (type: NoticeType) => (isWanted: boolean) =>
    onChange(NOTICE_TYPES.filter((one) => (one === type ? isWanted : chosen.includes(one))));
  return (
    <fieldset className="stack-tight">
      <legend className="field-label">{legend}</legend>
      <div className="choices">
        {NOTICE_TYPES.map((type) => (
          <Checkbox
            key={type}
            label={text(`notice.type.${type}`)}
            checked={chosen.includes(type)}
            onChange={toggle(type)}
          />
        ))}
      </div>
    </fieldset>
  );
}
