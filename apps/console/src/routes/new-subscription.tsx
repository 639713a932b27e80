import { createSubscription, listSubscriptions } from '@anika/contracts/subscriptions';
import { NOTICES } from '@anika/core/notice/notice';
import { DELIVERY_TYPES } from '@anika/core/subscription';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { FilterField } from '../filters/filter-field.tsx';
import { TypesField } from '../filters/types-field.tsx';
import { useText } from '../i18n/use-text.ts';
import { NoticeTypes } from '../notices/notice-types.tsx';
import { DraftNote } from '../session/draft-note.tsx';
import { useDraft } from '../session/use-draft.ts';
import { LimitHint } from '../settings/limit-hint.tsx';
import { FormatFields } from '../subscriptions/format-fields.tsx';
import {
  bodyOf,
  type EnteredSubscription,
  NOTHING_ENTERED,
  withoutSecrets,
} from '../subscriptions/new-subscription-body.ts';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { Checkbox, Select, TextField } from '../ui/text-field.tsx';
import { TimeField } from '../ui/time-field.tsx';

const route = getRouteApi('/subscriptions/new');

type FieldsProps = {
  readonly entered: EnteredSubscription;
  readonly onChange: (changed: Partial<EnteredSubscription>) => void;
};

/** The challenge goes out at once: what comes of it is on the page of the subscription. */
export function NewSubscriptionPage() {
  const text = useText();
  const navigate = useNavigate();
  const { topic } = route.useSearch();
  const first = { ...NOTHING_ENTERED, topicId: topic ?? '' };
  const draft = useDraft(`subscription.${topic ?? 'new'}`, first, withoutSecrets);
  const entered = draft.value;
  const create = useWrite(createSubscription, [listSubscriptions]);
  const body = bodyOf(entered);
  const change = (changed: Partial<EnteredSubscription>) => draft.set({ ...entered, ...changed });
  async function send() {
    if (body === undefined) return;
    const done = await create.run({ body });
    if (done === undefined) return;
    draft.clear();
    await navigate({
      to: '/subscriptions/$subscriptionId',
      params: { subscriptionId: done.data.id },
      search: {},
    });
  }
  const missing =
    entered.topicId === '' ? 'topic.choose' : body === undefined ? 'grant.filterBroken' : undefined;
  return (
    <Page
      title={text('subscription.new')}
      above={<Link to="/subscriptions">{text('menu.subscriptions')}</Link>}
      lead={text(`subscription.newLead.${entered.delivery}`)}
    >
      <Form
        onSubmit={() => void send()}
        submit={text('subscription.create')}
        busy={create.busy}
        problem={create.error}
        disabledBecause={missing === undefined ? undefined : text(missing)}
        call={body === undefined ? undefined : apiCall(createSubscription, { body })}
      >
        <DraftNote draft={draft} />
        <Where entered={entered} onChange={change} />
        <What entered={entered} onChange={change} />
        <More entered={entered} onChange={change} />
        <LimitHint kind="subscriptions" />
      </Form>
    </Page>
  );
}

/** Of which topic, and how they come. */
function Where({ entered, onChange }: FieldsProps) {
  const text = useText();
  return (
    <>
      <TopicSelect value={entered.topicId} onChange={(topicId) => onChange({ topicId })} which="subscribe" />
      <Select
        name="delivery"
        label={text('subscription.delivery')}
        hint={text(`subscription.deliveryHint.${entered.delivery}`)}
        value={entered.delivery}
        onChange={(delivery) => onChange({ delivery })}
        options={DELIVERY_TYPES.map((value) => ({ value, label: text(`subscription.delivery.${value}`) }))}
      />
      {entered.delivery === 'webhook' && (
        <TextField
          name="url"
          type="url"
          label={text('subscription.url')}
          hint={text('subscription.urlHint')}
          placeholder="https://bank.example/anika"
          value={entered.url}
          onChange={(url) => onChange({ url })}
          required
        />
      )}
      <TextField
        name="description"
        label={text('subscription.description')}
        value={entered.description}
        onChange={(description) => onChange({ description })}
      />
    </>
  );
}

function What({ entered, onChange }: FieldsProps) {
  const text = useText();
  return entered.topicId === NOTICES ? (
    <NoticeTypes
      legend={text('subscription.noticeTypes')}
      chosen={entered.notices}
      onChange={(notices) => onChange({ notices })}
    />
  ) : (
    <TypesField name="eventTypes" value={entered.types} onChange={(types) => onChange({ types })} />
  );
}

/** What most leave as it is. */
function More({ entered, onChange }: FieldsProps) {
  const text = useText();
  return (
    <details className="more-filters">
      <summary>{text('subscription.more')}</summary>
      <div className="stack">
        <FilterField value={entered.filter} onChange={(filter) => onChange({ filter })} />
        <TimeField
          name="startFrom"
          label={text('subscription.startFrom')}
          hint={text('subscription.startFromHint')}
          value={entered.startFrom}
          onChange={(startFrom) => onChange({ startFrom })}
        />
        <FormatFields entered={entered} onChange={onChange} />
        {entered.signature === 'hmac' && (
          <PasswordField
            name="secret"
            which="none"
            label={text('subscription.ownSecret')}
            hint={text('subscription.ownSecretHint')}
            value={entered.secret}
            onChange={(secret) => onChange({ secret })}
          />
        )}
        {entered.delivery === 'webhook' && (
          <Checkbox
            label={text('subscription.verifyNow')}
            hint={text('subscription.verifyNowHint')}
            checked={entered.verify}
            onChange={(verify) => onChange({ verify })}
          />
        )}
      </div>
    </details>
  );
}
