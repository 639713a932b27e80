import { NOTICES } from '@anika/core/notice/notice';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Select } from '../ui/text-field.tsx';
import { useTopics } from './topic-name.tsx';

type Props = {
  readonly value: string;
  readonly onChange: (topicId: string) => void;
  /** Where none has to be chosen: what that means. */
  readonly all?: string;
  /** What is to be chosen from; `subscribe`: the notices too, which are no topic otherwise. */
  readonly which?: 'own' | 'any' | 'subscribe';
};

export function TopicSelect({ value, onChange, all, which = 'any' }: Props) {
  const text = useText();
  const { partnerId } = useSession();
  const topics = [...useTopics().values()].filter(({ owner }) => which !== 'own' || owner.id === partnerId);
  const named = topics.map(({ id, name, owner }) => ({
    value: id,
    label: owner.id === partnerId ? name : `${name} · ${owner.name}`,
  }));
  return (
    <Select
      name="topicId"
      label={text('topic.one')}
      value={value}
      onChange={onChange}
      options={[
        { value: '', label: all ?? text('topic.choose') },
        ...named,
        ...(which === 'subscribe' ? [{ value: NOTICES, label: text('topic.notices') }] : []),
      ]}
    />
  );
}
