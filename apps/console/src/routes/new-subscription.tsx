import { createSubscription, listSubscriptions } from '@anika/contracts/subscriptions';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWrite } from '../api/use-api.ts';
import { TypesField } from '../filters/types-field.tsx';
import { wordsIn } from '../filters/words-in.ts';
import { useText } from '../i18n/use-text.ts';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { TextField } from '../ui/text-field.tsx';

const route = getRouteApi('/subscriptions/new');

/** The challenge goes out at once: what comes of it is on the page of the subscription. */
export function NewSubscriptionPage() {
  const text = useText();
  const navigate = useNavigate();
  const { topic } = route.useSearch();
  const [topicId, setTopicId] = useState(topic ?? '');
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [types, setTypes] = useState('');
  const create = useWrite(createSubscription, [listSubscriptions]);
  async function send() {
    const eventTypes = wordsIn(types);
    const body = { topicId, url, eventTypes, ...(description !== '' && { description }) };
    const done = await create.run({ body });
    if (done === undefined) return;
    await navigate({
      to: '/subscriptions/$subscriptionId',
      params: { subscriptionId: done.data.id },
      search: {},
    });
  }
  return (
    <Page
      title={text('subscription.new')}
      above={<Link to="/subscriptions">{text('menu.subscriptions')}</Link>}
      lead={text('subscription.newLead')}
    >
      <Form
        onSubmit={() => void send()}
        submit={text('subscription.create')}
        busy={create.busy}
        problem={create.error}
        disabledBecause={topicId === '' ? text('topic.choose') : undefined}
      >
        <TopicSelect value={topicId} onChange={setTopicId} />
        <TextField
          name="url"
          type="url"
          label={text('subscription.url')}
          hint={text('subscription.urlHint')}
          placeholder="https://bank.example/anika"
          value={url}
          onChange={setUrl}
          required
        />
        <TextField
          name="description"
          label={text('subscription.description')}
          value={description}
          onChange={setDescription}
        />
        <TypesField name="eventTypes" value={types} onChange={setTypes} />
      </Form>
    </Page>
  );
}
