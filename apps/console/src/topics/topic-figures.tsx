import { FigureCharts } from '../figures/figure-charts.tsx';
import { useListedTime } from '../figures/use-range.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Section } from '../ui/page.tsx';
import { TopicDeliveries } from './topic-deliveries.tsx';
import type { Topic } from './topic-name.tsx';

/** To its owner of all readers, to a reader what was meant for it. */
export function TopicFigures({ topic }: { readonly topic: Topic }) {
  const text = useText();
  const { partnerId } = useSession();
  const time = useListedTime();
  if (topic.owner.id !== partnerId) {
    return <FigureCharts of={{ scope: 'pair', id: topic.id }} lead={text('figures.pairLead')} />;
  }
  return (
    <>
      <FigureCharts of={{ scope: 'topic', id: topic.id }} />
      <Section title={text('figures.deliveries')}>
        <TopicDeliveries topicId={topic.id} time={time} />
      </Section>
    </>
  );
}
