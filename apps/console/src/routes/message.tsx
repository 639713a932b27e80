import { listMessageDeliveries } from '@anika/contracts/deliveries';
import { getMessage } from '@anika/contracts/messages';
import { memberText } from '@anika/core/json-text';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useList, useOne } from '../api/use-api.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { useText } from '../i18n/use-text.ts';
import { AsReaderGotIt } from '../message/as-reader-got-it.tsx';
import { Explain } from '../message/explain.tsx';
import type { Message } from '../message/message.ts';
import { OperatorMessage } from '../message/operator-message.tsx';
import { isScheduled, RecallAction } from '../message/recall-action.tsx';
import { Tombstone } from '../message/tombstone.tsx';
import { PartnerName } from '../partners/partner-name.tsx';
import { useMay, useSession } from '../session/session-context.ts';
import { TopicName, useTopics } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { Id } from '../ui/id.tsx';
import { JsonText, JsonTree } from '../ui/json.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { currentTab, Tabs } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/messages/$messageId');

export function MessagePage() {
  const { messageId } = route.useParams();
  const { operate } = useMay();
  return operate ? <OperatorMessage id={messageId} /> : <OwnMessage messageId={messageId} />;
}

function OwnMessage({ messageId }: { readonly messageId: string }) {
  const text = useText();
  const { data, text: source, error, refresh } = useOne(getMessage, [{ params: { id: messageId } }]);
  if (data !== undefined && source !== undefined && error === null) {
    return <MessageView message={data} text={source} />;
  }
  const recalled = error?.problem?.recalled;
  if (recalled !== undefined) {
    return (
      <Tombstone messageId={messageId} recalled={recalled}>
        <Section title={text('menu.deliveries')}>
          <Deliveries messageId={messageId} />
        </Section>
      </Tombstone>
    );
  }
  if (error !== null) return <Problem problem={error} onRetry={refresh} />;
  return <Waiting />;
}

function MessageView({ message, text: source }: { readonly message: Message; readonly text: string }) {
  const text = useText();
  const { tab, reader } = route.useSearch();
  const navigate = route.useNavigate();
  const { partnerId } = useSession();
  const isOwner = useTopics().get(message.topicId)?.owner.id === partnerId;
  const tabs = [
    { name: 'deliveries', label: text('menu.deliveries') },
    { name: 'explain', label: text('explain.title') },
    { name: 'tree', label: text('message.tree') },
    { name: 'text', label: text('message.text') },
    ...(isOwner ? ([{ name: 'seen', label: text('seen.title') }] as const) : []),
  ] as const;
  const current = currentTab(tabs, tab);
  const data = memberText(source, 'data') ?? 'null';
  return (
    <Page
      title={message.type}
      above={<Link to="/messages">{text('menu.messages')}</Link>}
      actions={<RecallAction message={message} />}
    >
      {isScheduled(message, Date.now()) && message.deliverAt !== undefined && (
        <p className="note note-wait" role="status">
          {text('schedule.waits')} <Time at={message.deliverAt} />
        </p>
      )}
      <Properties
        items={[
          { name: text('topic.one'), value: <TopicName id={message.topicId} /> },
          { name: text('message.acceptedAt'), value: <Time at={message.acceptedAt} to="millisecond" /> },
          { name: text('message.key'), value: message.key ?? '–' },
          message.audience == null
            ? undefined
            : {
                name: text('message.audience'),
                value: message.audience.map((id) => (
                  <span key={id} className="in-list">
                    <PartnerName id={id} />
                  </span>
                )),
              },
          { name: text('ui.id'), value: <Id value={message.id} /> },
        ]}
      />
      <Tabs label={message.type} tabs={tabs} current={current} />
      {current === 'deliveries' && (
        <Deliveries messageId={message.id} waits={isScheduled(message, Date.now())} />
      )}
      {current === 'explain' && <Explain messageId={message.id} />}
      {current === 'tree' && <JsonTree text={data} label={text('message.data')} />}
      {current === 'text' && <JsonText text={data} label={text('message.data')} />}
      {current === 'seen' && (
        <AsReaderGotIt
          message={message}
          dataText={data}
          reader={reader}
          onReader={(id) => void navigate({ search: { tab, reader: id }, replace: true, resetScroll: false })}
        />
      )}
    </Page>
  );
}

type DeliveriesProps = { readonly messageId: string; readonly waits?: boolean };

function Deliveries({ messageId, waits = false }: DeliveriesProps) {
  const text = useText();
  const list = useList(listMessageDeliveries, { params: { id: messageId }, query: { limit: 50 } });
  const none = waits ? 'schedule' : 'message';
  const empty = (
    <Empty icon="delivery" title={text(`${none}.noDeliveries`)} hint={text(`${none}.noDeliveriesHint`)} />
  );
  return <DeliveryTable list={list} show={['partner', 'subscription']} empty={empty} />;
}
