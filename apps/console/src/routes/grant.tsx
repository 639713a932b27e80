import { getRouteApi, Link } from '@tanstack/react-router';
import { FigureCharts } from '../figures/figure-charts.tsx';
import { GrantActions } from '../grants/grant-actions.tsx';
import { GrantEditor } from '../grants/grant-editor.tsx';
import { GrantStateBadge } from '../grants/grant-state.tsx';
import type { Grant } from '../grants/terms.ts';
import { Fingerprint, TermsInWords } from '../grants/terms-view.tsx';
import { useGrant } from '../grants/use-grant.ts';
import { useText } from '../i18n/use-text.ts';
import { PartnerName, usePartners } from '../partners/partner-name.tsx';
import { useMay } from '../session/session-context.ts';
import { TopicName } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { Id } from '../ui/id.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/access/$topicId/$partnerId');

/** A grant as a contract: both companies see the same at the same address; its owner changes it here. */
export function GrantPage() {
  const text = useText();
  const may = useMay();
  const { topicId, partnerId } = route.useParams();
  const { request } = route.useSearch();
  const { topic, grant, isOwner, isLoading, error, refresh } = useGrant(topicId, partnerId);
  const reader = usePartners().get(partnerId) ?? partnerId;
  const topicName = topic?.name ?? topicId;
  if (error !== null) return <Problem problem={error} onRetry={refresh} />;
  if (isLoading) return <Waiting />;
  const mayWrite = isOwner && may.administer;
  return (
    <Page
      title={text('grant.title', { topic: topicName, reader })}
      above={<Link to="/access">{text('menu.access')}</Link>}
      {...(grant !== undefined && { beside: <GrantStateBadge grant={grant} /> })}
      actions={grant !== undefined && <GrantActions grant={grant} isOwner={isOwner} reader={reader} />}
    >
      {grant === undefined && !mayWrite && (
        <Empty icon="access" title={text('grant.noneYet')} hint={text('grant.noneYetHint')} />
      )}
      {grant !== undefined && (
        <Contract grant={grant} reader={reader} topic={topicName} owner={topic?.owner.id} />
      )}
      {grant !== undefined && (
        <FigureCharts
          of={{ scope: 'pair', id: topicId, ...(isOwner && { partnerId }) }}
          lead={text('figures.pairLead')}
        />
      )}
      {mayWrite && (
        <GrantEditor
          topicId={topicId}
          partnerId={partnerId}
          names={{ reader, topic: topicName }}
          grant={grant}
          request={request}
        />
      )}
    </Page>
  );
}

function Contract({
  grant,
  reader,
  topic,
  owner,
}: {
  readonly grant: Grant;
  readonly reader: string;
  readonly topic: string;
  /** Undefined while the topic loads, and where its reader may read it no longer. */
  readonly owner: string | undefined;
}) {
  const text = useText();
  return (
    <Section title={text('grant.inWords')}>
      <TermsInWords terms={grant} reader={reader} topic={topic} />
      <Properties
        items={[
          { name: text('topic.one'), value: <TopicName id={grant.topicId} /> },
          owner === undefined ? undefined : { name: text('topic.owner'), value: <PartnerName id={owner} /> },
          { name: text('grant.reader'), value: <PartnerName id={grant.partnerId} /> },
          { name: text('grant.version'), value: `v${grant.version}` },
          { name: text('grant.fingerprint'), value: <Fingerprint grant={grant} /> },
          { name: text('grant.since'), value: <Time at={grant.createdAt} /> },
          { name: text('grant.changed'), value: <Time at={grant.updatedAt} /> },
          grant.revokedAt === null
            ? undefined
            : { name: text('grant.revokedAt'), value: <Time at={grant.revokedAt} /> },
          { name: text('ui.id'), value: <Id value={grant.id} /> },
        ]}
      />
    </Section>
  );
}
