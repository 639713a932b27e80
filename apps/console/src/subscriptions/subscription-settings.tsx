import { deleteSubscription, updateSubscription } from '@anika/contracts/subscriptions';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { FilterField } from '../filters/filter-field.tsx';
import { TypesField } from '../filters/types-field.tsx';
import { wordsIn } from '../filters/words-in.ts';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { readJsonObject, writeJsonObject } from '../ui/json-object.ts';
import { Section } from '../ui/page.tsx';
import { Saved } from '../ui/saved.tsx';
import { TextField } from '../ui/text-field.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { FormatFields } from './format-fields.tsx';
import { OF_SUBSCRIPTIONS } from './stale.ts';
import { type Subscription, titleOf } from './subscription-name.tsx';

export function SubscriptionSettings({ subscription }: { readonly subscription: Subscription }) {
  const text = useText();
  return (
    <div className="columns">
      <Section title={text('subscription.change')}>
        <Change subscription={subscription} />
      </Section>
      <Section title={text('subscription.delete')}>
        <Remove subscription={subscription} />
      </Section>
    </div>
  );
}

function useEntered(one: Subscription) {
  const [entered, setEntered] = useState({
    url: one.url ?? '',
    description: one.description ?? '',
    types: one.eventTypes.join(', '),
    filter: writeJsonObject(one.filter),
    timeoutMs: String(one.timeoutMs),
    maxConcurrency: String(one.maxConcurrency),
    rate: one.rateLimitPerSecond === null ? '' : String(one.rateLimitPerSecond),
    signature: one.signature,
    format: one.format,
  });
  type Entered = typeof entered;
  const change = (changed: Partial<Entered>) => setEntered((before) => ({ ...before, ...changed }));
  const set =
    <N extends keyof Entered>(name: N) =>
    (value: Entered[N]) =>
      setEntered((before) => ({ ...before, [name]: value }));
  return { entered, set, change };
}

function Change({ subscription }: { readonly subscription: Subscription }) {
  const text = useText();
  const { entered, set, change } = useEntered(subscription);
  const update = useWrite(updateSubscription, OF_SUBSCRIPTIONS);
  const filter = readJsonObject(entered.filter);
  const hasEndpoint = subscription.url !== null;
  const body = {
    description: entered.description === '' ? null : entered.description,
    eventTypes: wordsIn(entered.types),
    ...(filter !== undefined && { filter }),
    ...(hasEndpoint && {
      url: entered.url,
      timeoutMs: Number(entered.timeoutMs),
      maxConcurrency: Number(entered.maxConcurrency),
      rateLimitPerSecond: entered.rate === '' ? null : Number(entered.rate),
    }),
    signature: entered.signature,
    format: entered.format,
  };
  const call = { params: { id: subscription.id }, body };
  return (
    <Form
      onSubmit={() => void update.run(call)}
      submit={text('ui.save')}
      busy={update.busy}
      problem={update.error}
      disabledBecause={filter === undefined ? text('grant.filterBroken') : undefined}
      call={filter === undefined ? undefined : apiCall(updateSubscription, call)}
    >
      {hasEndpoint && (
        <TextField
          name="url"
          type="url"
          label={text('subscription.url')}
          hint={text('subscription.urlChangeHint')}
          value={entered.url}
          onChange={set('url')}
          required
        />
      )}
      <TextField
        name="description"
        label={text('subscription.description')}
        value={entered.description}
        onChange={set('description')}
      />
      <TypesField name="eventTypes" value={entered.types} onChange={set('types')} />
      <FilterField value={entered.filter} onChange={set('filter')} />
      {hasEndpoint && (
        <div className="form-row">
          <TextField
            name="timeoutMs"
            type="number"
            label={text('subscription.timeout')}
            value={entered.timeoutMs}
            onChange={set('timeoutMs')}
            required
          />
          <TextField
            name="maxConcurrency"
            type="number"
            label={text('subscription.concurrency')}
            value={entered.maxConcurrency}
            onChange={set('maxConcurrency')}
            required
          />
          <TextField
            name="rateLimitPerSecond"
            type="number"
            label={text('subscription.rate')}
            hint={text('subscription.rateHint')}
            value={entered.rate}
            onChange={set('rate')}
          />
        </div>
      )}
      <FormatFields entered={entered} onChange={change} />
      {update.data !== undefined && <Saved />}
    </Form>
  );
}

function Remove({ subscription }: { readonly subscription: Subscription }) {
  const text = useText();
  const navigate = useNavigate();
  const remove = useWrite(deleteSubscription, OF_SUBSCRIPTIONS);
  return (
    <div>
      <WideAction
        label={text('subscription.delete')}
        title={text('subscription.deleteTitle', { name: titleOf(subscription) })}
        effect={<p>{text('subscription.deleteEffect')}</p>}
        typed={titleOf(subscription)}
        danger
        busy={remove.busy}
        problem={remove.error}
        call={apiCall(deleteSubscription, { params: { id: subscription.id } })}
        run={async () => {
          const done = await remove.run({ params: { id: subscription.id } });
          if (done !== undefined) await navigate({ to: '/subscriptions' });
          return done;
        }}
      />
    </div>
  );
}
