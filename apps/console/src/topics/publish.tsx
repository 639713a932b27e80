import { listMessageDeliveries } from '@anika/contracts/deliveries';
import { listTopicGrants } from '@anika/contracts/grants';
import { searchMessages } from '@anika/contracts/messages';
import { publishMessage } from '@anika/contracts/publish';
import { JsonText } from '@anika/core/exact-json';
import { SCHEDULE_MAX_DAYS } from '@anika/core/schedule';
import { Link } from '@tanstack/react-router';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { DeliveryStateBadge } from '../deliveries/delivery-state.tsx';
import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { DraftNote } from '../session/draft-note.tsx';
import { useDraft } from '../session/use-draft.ts';
import { useMeta } from '../settings/use-meta.ts';
import { Form } from '../ui/form.tsx';
import { Section } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { TimeField } from '../ui/time-field.tsx';
import type { Topic } from './topic-name.tsx';

const FOLLOW_MS = 1000;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Publishes by hand, and follows what becomes of it. */
export function Publish({ topic }: { readonly topic: Topic }) {
  const text = useText();
  const draft = useDraft(`publish.${topic.id}`, { type: '', key: '', data: '{\n  \n}', deliverAt: '' });
  const { type, key, data, deliverAt } = draft.value;
  const set = (name: keyof typeof draft.value) => (value: string) =>
    draft.set({ ...draft.value, [name]: value });
  const { zone, browserZone } = usePreferences();
  const publish = useWrite(publishMessage, [searchMessages]);
  const readers = useList(listTopicGrants, { params: { id: topic.id }, query: { limit: 200 } });
  const active = readers.items.filter(({ state }) => state === 'active');
  const wanted = active.filter(({ types }) => types.length === 0 || types.includes(type));
  const { data: meta } = useMeta();
  const isBroken = !isJson(data);
  // As it was written: a number of twenty digits stays one.
  const body = {
    type,
    data: new JsonText(data),
    ...(key !== '' && { key }),
    ...(deliverAt !== '' && { deliverAt }),
  };
  const call = { params: { id: topic.id }, body };
  async function send() {
    if ((await publish.run(call)) !== undefined) draft.clear();
  }
  return (
    <div className="columns">
      <Section title={text('publish.title')} lead={text('publish.lead')}>
        <Form
          onSubmit={() => void send()}
          submit={text('publish.send')}
          busy={publish.busy}
          problem={publish.error}
          disabledBecause={isBroken ? text('publish.broken') : undefined}
          call={isBroken ? undefined : apiCall(publishMessage, call)}
        >
          <DraftNote draft={draft} />
          <div className="form-row">
            <TextField
              name="type"
              label={text('message.type')}
              placeholder="car.selected"
              value={type}
              onChange={set('type')}
              required
            />
            <TextField
              name="key"
              label={text('message.key')}
              hint={text('publish.keyHint')}
              value={key}
              onChange={set('key')}
            />
          </div>
          <TimeField
            name="deliverAt"
            label={text('schedule.field')}
            hint={text('schedule.fieldHint', { zone: zone ?? browserZone, days: SCHEDULE_MAX_DAYS })}
            value={deliverAt}
            onChange={set('deliverAt')}
          />
          <TextArea
            name="data"
            label={text('message.data')}
            hint={meta && text('publish.size', { count: Math.floor(meta.limits.messageBytes / 1024) })}
            value={data}
            onChange={set('data')}
            rows={10}
            error={isBroken ? text('publish.broken') : undefined}
            code
          />
          <p className="field-hint" role="status">
            {text('publish.reaches', { count: wanted.length, all: active.length })}
          </p>
        </Form>
      </Section>
      {publish.data !== undefined &&
        (publish.data.deliverAt === undefined ? (
          <Followed messageId={publish.data.id} />
        ) : (
          <Scheduled messageId={publish.data.id} at={publish.data.deliverAt} />
        ))}
    </div>
  );
}

function Scheduled({ messageId, at }: { readonly messageId: string; readonly at: string }) {
  const text = useText();
  return (
    <Section title={text('publish.accepted')}>
      <p className="note note-wait" role="status">
        {text('schedule.waits')} <Time at={at} />
      </p>
      <p className="link-row">
        <Link to="/messages/$messageId" params={{ messageId }}>
          {messageId}
        </Link>
        <Link to="/messages" search={{ state: 'scheduled' }}>
          {text('schedule.all')}
        </Link>
      </p>
    </Section>
  );
}

function Followed({ messageId }: { readonly messageId: string }) {
  const text = useText();
  const { items } = useList(
    listMessageDeliveries,
    { params: { id: messageId }, query: { limit: 50 } },
    { refreshMs: FOLLOW_MS },
  );
  return (
    <Section
      title={text('publish.accepted')}
      lead={
        <Link to="/messages/$messageId" params={{ messageId }}>
          {messageId}
        </Link>
      }
    >
      {items.length === 0 ? (
        <p className="note" role="status">
          {text('publish.noDeliveries')}
        </p>
      ) : (
        <Table
          label={text('menu.deliveries')}
          rows={items}
          rowKey={({ id }) => id}
          columns={[
            {
              id: 'partner',
              head: text('grant.reader'),
              cell: ({ partnerId }) => <PartnerName id={partnerId} />,
            },
            {
              id: 'state',
              head: text('ui.state'),
              cell: ({ state, reason }) => <DeliveryStateBadge state={state} reason={reason} />,
            },
            {
              id: 'attempts',
              head: text('delivery.attempts'),
              end: true,
              cell: ({ attemptCount }) => attemptCount,
            },
          ]}
        />
      )}
    </Section>
  );
}
