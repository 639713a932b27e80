import { type auditEntry, listAudit } from '@anika/contracts/audit';
import { writeExact } from '@anika/core/exact-json';
import { getRouteApi } from '@tanstack/react-router';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { useList } from '../api/use-api.ts';
import { ChainCheck } from '../audit/chain-check.tsx';
import { LoggedTopicName } from '../audit/logged-topic-name.tsx';
import { textFor, useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { useSession } from '../session/session-context.ts';
import { TopicName } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { FilterForm } from '../ui/filter-form.tsx';
import { Id } from '../ui/id.tsx';
import { JsonText } from '../ui/json.tsx';
import { List } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { useEntered } from '../ui/use-entered.ts';

const route = getRouteApi('/audit');

type Entry = z.output<typeof auditEntry>;

export function AuditPage() {
  const text = useText();
  const session = useSession();
  const search = route.useSearch();
  const { action, topic, from, to } = search;
  const given = { action, topicId: topic, from, to };
  const query = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const list = useList(listAudit, { query: { limit: 50, ...query } });
  return (
    <Page title={text('menu.audit')} lead={text('audit.lead')}>
      <ChainCheck whose={session.partnerId ?? 'operator'} />
      <Filters key={JSON.stringify(search)} />
      <List
        label={text('menu.audit')}
        list={list}
        rowKey={({ seq }) => String(seq)}
        empty={<Empty icon="audit" title={text('audit.none')} hint={text('message.noneFitsHint')} />}
        columns={[
          { id: 'seq', head: text('audit.number'), end: true, cell: ({ seq }) => seq },
          { id: 'at', head: text('audit.at'), cell: ({ at }) => <Time at={at} to="millisecond" /> },
          { id: 'what', head: text('audit.what'), wide: true, cell: (entry) => <What entry={entry} /> },
          {
            id: 'who',
            head: text('audit.who'),
            cell: ({ actorPartnerId, actorId, remoteAddress }) => (
              <span>
                {actorPartnerId === null ? (
                  text(actorId === null ? 'audit.anika' : 'audit.operator')
                ) : (
                  <PartnerName id={actorPartnerId} />
                )}
                {remoteAddress !== null && <span className="under">{remoteAddress}</span>}
              </span>
            ),
          },
          { id: 'hash', head: text('audit.hash'), cell: ({ hash }) => <Id value={hash} short /> },
        ]}
      />
    </Page>
  );
}

function What({ entry }: { readonly entry: Entry }) {
  const text = useText();
  const intl = useIntl();
  const { partnerId } = useSession();
  const { action, topicId, subjectId, before, after } = entry;
  const isPlain = before == null && after == null;
  return (
    <div className="stack-tight">
      <span>
        {textFor(intl, `audit.action.${action}`) ?? action}
        {topicId !== null && (
          <>
            {' · '}
            {partnerId === null ? <LoggedTopicName id={topicId} /> : <TopicName id={topicId} />}
          </>
        )}
      </span>
      {subjectId !== null && subjectId !== topicId && <Id value={subjectId} short />}
      {!isPlain && (
        <details>
          <summary>{text('audit.details')}</summary>
          {before != null && <JsonText text={writeExact(before)} label={text('audit.before')} />}
          {after != null && <JsonText text={writeExact(after)} label={text('audit.after')} />}
        </details>
      )}
    </div>
  );
}

function Filters() {
  const text = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { entered, set, form } = useEntered(search, (to) => void navigate({ search: to }));
  return (
    <FilterForm label={text('audit.search')} {...form}>
      <div className="filter-fields">
        <TextField
          name="action"
          label={text('audit.action')}
          placeholder="grant.given"
          value={entered.action ?? ''}
          onChange={set('action')}
        />
        <TimeField name="from" label={text('ui.from')} value={entered.from ?? ''} onChange={set('from')} />
        <TimeField name="to" label={text('ui.to')} value={entered.to ?? ''} onChange={set('to')} />
      </div>
    </FilterForm>
  );
}
