import { listDeliveries } from '@anika/contracts/deliveries';
import { listAccessRequests, listMyGrants } from '@anika/contracts/grants';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import { useList } from '../api/use-api.ts';
import { LastAnswer } from '../deliveries/dead-groups.tsx';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { groupName, groupsOf } from '../deliveries/group-dead.ts';
import { EXPIRES_SOON_MS } from '../grants/grant-state.tsx';
import { useText } from '../i18n/use-text.ts';
import { MessageList } from '../message/message-list.tsx';
import type { MessageId } from '../messages/catalogue.ts';
import { usePartners } from '../partners/partner-name.tsx';
import { useMay, useSession } from '../session/session-context.ts';
import { failsSince } from '../subscriptions/fails-since.ts';
import { type Subscription, titleOf, useSubscriptions } from '../subscriptions/subscription-name.tsx';
import { useTopics } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Ago, Time } from '../ui/time.tsx';
import { visibleText } from '../ui/visible-text.ts';
import { CompanyTraffic } from './company-traffic.tsx';

/** What wants something of somebody, then what goes on. */
export function CompanyOverview() {
  const text = useText();
  const { partnerId } = useSession();
  const topics = [...useTopics().values()];
  const own = topics.filter(({ owner }) => owner.id === partnerId);
  const isNew = topics.length === 0;
  return (
    <Page title={text('menu.overview')} lead={text('overview.lead')}>
      {isNew && <FirstSteps />}
      <NeedsYou />
      <CompanyTraffic />
      {own.length > 0 && (
        <Section
          title={text('overview.published')}
          actions={<Link to="/messages">{text('menu.messages')}</Link>}
        >
          <MessageList fixed={{}} newest={5} />
        </Section>
      )}
      <Received />
    </Page>
  );
}

function FirstSteps() {
  const text = useText();
  const may = useMay();
  return (
    <Section title={text('overview.first')}>
      <div className="columns">
        <div className="card">
          <h3>{text('overview.publish')}</h3>
          <p>{text('overview.publishHint')}</p>
          {may.manage && (
            <div>
              <LinkButton to="/topics/new" kind="primary" icon="plus">
                {text('topic.create')}
              </LinkButton>
            </div>
          )}
        </div>
        <div className="card">
          <h3>{text('overview.receive')}</h3>
          <p>{text('overview.receiveHint')}</p>
          <div>
            <LinkButton to="/catalogue" icon="catalogue">
              {text('menu.catalogue')}
            </LinkButton>
          </div>
        </div>
      </div>
    </Section>
  );
}

type Todo = {
  readonly key: string;
  readonly icon: IconName;
  readonly text: ReactNode;
  readonly act: ReactNode;
};

function useTodos(): readonly Todo[] {
  const text = useText();
  const { formatNumber } = useIntl();
  const requests = useList(listAccessRequests, {
    query: { direction: 'in' as const, state: 'requested' as const, limit: 20 },
  });
  const grants = useList(listMyGrants, { query: { limit: 200 } });
  const dead = useList(listDeliveries, { query: { state: 'dead' as const, limit: 200 } });
  const topics = useTopics();
  const partners = usePartners();
  const subscriptions = useSubscriptions();
  const failing = (one: Subscription, since: string): Todo => ({
    key: `failing ${one.id}`,
    icon: 'warning',
    text: <Failing subscription={one} since={since} />,
    act: (
      <Link to="/subscriptions/$subscriptionId" params={{ subscriptionId: one.id }}>
        {text('overview.look')}
      </Link>
    ),
  });
  const nameOfTopic = (id: string) => topics.get(id)?.name ?? id;
  const soon = Date.now() + EXPIRES_SOON_MS;
  const ending = grants.items.filter(
    ({ state, expiresAt }) => state === 'active' && expiresAt !== null && Date.parse(expiresAt) < soon,
  );
  const troubled = [...subscriptions.values()].filter(
    ({ state }) => state === 'pending' || state === 'disabled',
  );
  return [
    ...requests.items.map(
      ({ id, topicId, partnerId, createdAt }): Todo => ({
        key: id,
        icon: 'access',
        text: (
          <>
            {text('overview.request', {
              reader: partners.get(partnerId) ?? partnerId,
              topic: nameOfTopic(topicId),
            })}
            {' · '}
            <Ago at={createdAt} />
          </>
        ),
        act: (
          <Link to="/access/$topicId/$partnerId" params={{ topicId, partnerId }} search={{ request: id }}>
            {text('request.decide')}
          </Link>
        ),
      }),
    ),
    ...troubled.map(
      (one): Todo => ({
        key: one.id,
        icon: 'subscription',
        text: text(`overview.subscription.${one.state === 'disabled' ? 'disabled' : 'pending'}`, {
          name: titleOf(one),
        }),
        act: (
          <Link to="/subscriptions/$subscriptionId" params={{ subscriptionId: one.id }}>
            {text('overview.look')}
          </Link>
        ),
      }),
    ),
    ...[...subscriptions.values()].flatMap((one): readonly Todo[] => {
      const since = failsSince(one, Date.now());
      return since === undefined ? [] : [failing(one, since)];
    }),
    ...groupsOf(dead.items).map((group): Todo => {
      const { subscriptionId, count } = group;
      const known = subscriptions.get(subscriptionId);
      const name = known === undefined ? subscriptionId : titleOf(known);
      return {
        key: groupName(group),
        icon: 'dead',
        text: (
          <>
            {text('overview.dead', { count, name, shown: `${formatNumber(count)}${dead.more ? '+' : ''}` })}
            {' · '}
            <LastAnswer group={group} />
          </>
        ),
        act: <Link to="/dead-letters">{text('overview.look')}</Link>,
      };
    }),
    ...ending.map(
      ({ id, topicId, partnerId, expiresAt }): Todo => ({
        key: id,
        icon: 'clock',
        text: (
          <>
            {text('overview.ending', { topic: nameOfTopic(topicId) })} · <Ago at={expiresAt ?? ''} />
          </>
        ),
        act: (
          <Link to="/access/$topicId/$partnerId" params={{ topicId, partnerId }}>
            {text('overview.look')}
          </Link>
        ),
      }),
    ),
  ];
}

const FAILING: MessageId = 'overview.failing';

type FailingProps = { readonly subscription: Subscription; readonly since: string };

/** That nothing arrives, since when, and what will happen if it stays so. */
function Failing({ subscription, since }: FailingProps) {
  const text = useText();
  const end = subscription.health?.willBeDisabledAt;
  return (
    <>
      <FormattedMessage
        id={FAILING}
        values={{ name: visibleText(titleOf(subscription)), since: <Time at={since} /> }}
      />
      {end != null && (
        <>
          {' · '}
          {text('health.willBeDisabled')} <Time at={end} />
        </>
      )}
    </>
  );
}

function NeedsYou() {
  const text = useText();
  const todos = useTodos();
  return (
    <Section title={text('overview.needs')}>
      {todos.length === 0 ? (
        <p className="note note-good">{text('overview.nothing')}</p>
      ) : (
        <ul className="todo">
          {todos.map(({ key, icon, text: what, act }) => (
            <li key={key} data-row tabIndex={-1}>
              <Icon name={icon} />
              <span className="todo-text">{what}</span>
              {act}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Received() {
  const text = useText();
  const list = useList(listDeliveries, { query: { limit: 5 } });
  if (useSubscriptions().size === 0) return null;
  return (
    <Section
      title={text('overview.received')}
      actions={<Link to="/deliveries">{text('menu.deliveries')}</Link>}
    >
      <DeliveryTable
        list={{ ...list, more: undefined }}
        show={['topic', 'subscription']}
        empty={<Empty icon="delivery" title={text('delivery.none')} hint={text('delivery.noneHint')} />}
      />
    </Section>
  );
}
