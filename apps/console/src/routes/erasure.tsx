import { type erasure, getErasure } from '@anika/contracts/erasures';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { useOne } from '../api/use-api.ts';
import { ErasureStateBadge } from '../erasures/erasure-state.tsx';
import { useText } from '../i18n/use-text.ts';
import { TopicName } from '../topics/topic-name.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Id } from '../ui/id.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/erasures/$erasureId');
const REFRESH_MS = 1000;

/** How far an erasure has come, and its proof. */
export function ErasurePage() {
  const text = useText();
  const { erasureId } = route.useParams();
  const found = useOne(getErasure, [{ params: { id: erasureId } }], { refreshMs: REFRESH_MS });
  const { data, error, refresh } = found;
  if (data === undefined) return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  const { matched, erased } = data;
  return (
    <Page
      title={text('erasure.one')}
      above={<Link to="/erasures">{text('menu.erasures')}</Link>}
      beside={<ErasureStateBadge state={data.state} />}
    >
      <Section title={text('erasure.progress')} actions={<Freshness {...found} failed={error !== null} />}>
        {matched > 0 && <progress value={erased} max={matched} aria-label={text('erasure.progress')} />}
        <p role="status">{text('erasure.figures', { matched, erased })}</p>
      </Section>
      <Facts erasure={data} />
      <Proof erasure={data} />
    </Page>
  );
}

type Props = { readonly erasure: z.output<typeof erasure> };

function Facts({ erasure: { id, topicId, by, reason, criterionHash, createdAt, finishedAt } }: Props) {
  const text = useText();
  return (
    <Properties
      items={[
        { name: text('recall.why'), value: reason },
        {
          name: text('topic.one'),
          value: topicId === null ? text('erasure.allTopics') : <TopicName id={topicId} />,
        },
        { name: text('erasure.by'), value: text(`erasure.by.${by}`) },
        criterionHash === null
          ? undefined
          : { name: text('erasure.criterion'), value: <Id value={criterionHash} short /> },
        { name: text('topic.created'), value: <Time at={createdAt} to="millisecond" /> },
        finishedAt === null
          ? undefined
          : { name: text('delivery.finished'), value: <Time at={finishedAt} to="millisecond" /> },
        { name: text('ui.id'), value: <Id value={id} /> },
      ]}
    />
  );
}

function Proof({ erasure: { proof } }: Props) {
  const text = useText();
  if (proof === null) return null;
  return (
    <Section title={text('erasure.proof')} lead={text('erasure.proofLead')}>
      <Properties
        items={[
          { name: text('erasure.proofAt'), value: <Time at={proof.at} to="millisecond" /> },
          { name: text('erasure.erased'), value: proof.count },
          { name: text('erasure.proofHash'), value: <Id value={proof.hash} /> },
        ]}
      />
    </Section>
  );
}
