import { getRouteApi } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { MessageList } from '../message/message-list.tsx';
import { TopicSelect } from '../topics/topic-select.tsx';
import { FilterForm } from '../ui/filter-form.tsx';
import { Page } from '../ui/page.tsx';
import { Select, TextArea, TextField } from '../ui/text-field.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { useEntered } from '../ui/use-entered.ts';

const route = getRouteApi('/messages');

function useFilters() {
  return route.useSearch();
}

type Search = ReturnType<typeof useFilters>;

export function MessagesPage() {
  const text = useText();
  const search = useFilters();
  const { q, topic, type, key, where, from, to } = search;
  const given = { q, topicId: topic, type, key, where, from, to };
  const state = search.state === 'scheduled' ? ({ state: 'scheduled' } as const) : {};
  const query = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== ''),
  );
  const narrowed = Object.keys(query).length > 0;
  return (
    <Page title={text('menu.messages')} lead={text('message.lead')}>
      <Filters key={JSON.stringify(search)} search={search} />
      <MessageList fixed={{ ...query, ...state }} narrowed={narrowed} />
    </Page>
  );
}

function Filters({ search }: { readonly search: Search }) {
  const text = useText();
  const navigate = route.useNavigate();
  const { entered, set, form } = useEntered(search, (to) => void navigate({ search: to }));
  const field = (name: 'q' | 'type' | 'key') => ({ name, value: entered[name] ?? '', onChange: set(name) });
  return (
    <FilterForm label={text('message.search')} {...form}>
      <div className="filter-fields">
        <TextField {...field('q')} type="search" label={text('message.words')} />
        <Select
          name="state"
          label={text('ui.state')}
          value={entered.state === 'scheduled' ? 'scheduled' : ''}
          onChange={set('state')}
          options={[
            { value: '', label: text('schedule.accepted') },
            { value: 'scheduled', label: text('schedule.scheduled') },
          ]}
        />
        <TopicSelect value={entered.topic ?? ''} onChange={set('topic')} all={text('topic.all')} />
        <TextField {...field('type')} label={text('message.type')} />
        <TextField {...field('key')} label={text('message.key')} />
        <TimeField name="from" label={text('ui.from')} value={entered.from ?? ''} onChange={set('from')} />
        <TimeField name="to" label={text('ui.to')} value={entered.to ?? ''} onChange={set('to')} />
      </div>
      <details className="more-filters" open={entered.where !== undefined}>
        <summary>{text('message.where')}</summary>
        <TextArea
          name="where"
          label={text('message.whereLabel')}
          hint={text('message.whereHint')}
          placeholder='{"data.price":{"gte":1000000}}'
          value={entered.where ?? ''}
          onChange={set('where')}
          rows={2}
          code
        />
      </details>
    </FilterForm>
  );
}
