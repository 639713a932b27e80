import { STREAM_KINDS, type StreamKind } from '@anika/core/stream/stream-event';
import { useText } from '../i18n/use-text.ts';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Select } from '../ui/text-field.tsx';
import type { LiveFilter } from './use-live.ts';

export function isStreamKind(text: string | undefined): text is StreamKind {
  return STREAM_KINDS.some((kind) => kind === text);
}

type Props = { readonly filter: LiveFilter; readonly onChange: (filter: LiveFilter) => void };

/** Of which topic, and which events. */
export function LiveFilters({ filter, onChange }: Props) {
  const text = useText();
  const set = (name: keyof LiveFilter) => (value: string) =>
    onChange({ ...filter, [name]: value === '' ? undefined : value });
  return (
    <div className="filter-fields">
      <TopicSelect value={filter.topic ?? ''} onChange={set('topic')} all={text('topic.all')} />
      <Select
        name="kind"
        label={text('live.kind')}
        value={filter.kind ?? ''}
        onChange={set('kind')}
        options={[
          { value: '', label: text('ui.all') },
          ...STREAM_KINDS.map((value) => ({ value, label: text(`live.kind.${value}`) })),
        ]}
      />
    </div>
  );
}
