import { requestAccess } from '@anika/contracts/grants';
import { catalog } from '@anika/contracts/topics';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { OF_GRANTS } from '../grants/stale.ts';
import { useText } from '../i18n/use-text.ts';
import { DraftNote } from '../session/draft-note.tsx';
import { useMay, useSession } from '../session/session-context.ts';
import { useDraft } from '../session/use-draft.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { FilterForm } from '../ui/filter-form.tsx';
import { Form } from '../ui/form.tsx';
import type { IconName } from '../ui/icons.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { List } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { useEntered } from '../ui/use-entered.ts';
import { Visible } from '../ui/visible.tsx';

const route = getRouteApi('/catalogue');

type Listed = z.output<NonNullable<typeof catalog.success.schema>>['items'][number];

export function CataloguePage() {
  const text = useText();
  const { q } = route.useSearch();
  const list = useList(catalog, { query: { limit: 50, ...(q !== undefined && { q }) } });
  return (
    <Page title={text('menu.catalogue')} lead={text('catalogue.lead')}>
      <Search key={q} />
      <List
        label={text('menu.catalogue')}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="catalogue" title={text('catalogue.none')} hint={text('catalogue.noneHint')} />}
        columns={[
          {
            id: 'name',
            head: text('topic.one'),
            wide: true,
            cell: ({ name, description }) => (
              <span>
                <strong>{name}</strong>
                {description !== null && (
                  <span className="under">
                    <Visible text={description} />
                  </span>
                )}
              </span>
            ),
          },
          { id: 'owner', head: text('topic.owner'), cell: ({ owner }) => owner.name },
          {
            id: 'access',
            head: text('catalogue.access'),
            cell: ({ access }) => <AccessBadge access={access} />,
          },
          { id: 'do', head: text('ui.actions'), cell: (topic) => <Next topic={topic} /> },
        ]}
      />
    </Page>
  );
}

function Search() {
  const text = useText();
  const navigate = route.useNavigate();
  const { entered, set, form } = useEntered(route.useSearch(), (to) => void navigate({ search: to }));
  return (
    <FilterForm label={text('catalogue.search')} {...form}>
      <div className="filter-fields">
        <TextField
          name="q"
          type="search"
          label={text('catalogue.words')}
          value={entered.q ?? ''}
          onChange={set('q')}
        />
      </div>
    </FilterForm>
  );
}

const LOOKS: Readonly<Record<Listed['access'], { readonly tone: Tone; readonly icon: IconName }>> = {
  owner: { tone: 'plain', icon: 'topic' },
  granted: { tone: 'good', icon: 'disc' },
  requested: { tone: 'busy', icon: 'ring' },
  none: { tone: 'off', icon: 'slash' },
};

function AccessBadge({ access }: Pick<Listed, 'access'>) {
  const text = useText();
  return <Badge {...LOOKS[access]} word={text(`catalogue.access.${access}`)} />;
}

function Next({ topic }: { readonly topic: Listed }) {
  const text = useText();
  const may = useMay();
  const { partnerId } = useSession();
  if (topic.access === 'none') return may.administer ? <Ask topic={topic} /> : text('catalogue.askAdmin');
  if (topic.access === 'requested') {
    return (
      <LinkButton to="/access" search={{ tab: 'out' }} kind="quiet">
        {text('access.out')}
      </LinkButton>
    );
  }
  if (topic.access === 'granted' && partnerId !== null && may.manage) {
    return (
      <LinkButton to="/subscriptions/new" search={{ topic: topic.id }} kind="quiet">
        {text('subscription.create')}
      </LinkButton>
    );
  }
  return (
    <LinkButton to="/topics/$topicId" params={{ topicId: topic.id }} kind="quiet">
      {text('topic.open')}
    </LinkButton>
  );
}

function Ask({ topic }: { readonly topic: Listed }) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  const draft = useDraft(`request.${topic.id}`, { purpose: '', until: '' });
  const { purpose, until } = draft.value;
  const set = (name: keyof typeof draft.value) => (value: string) =>
    draft.set({ ...draft.value, [name]: value });
  const ask = useWrite(requestAccess, OF_GRANTS);
  const call = { params: { id: topic.id }, body: { purpose, ...(until !== '' && { until }) } };
  async function send() {
    if ((await ask.run(call)) === undefined) return;
    draft.clear();
    setOpen(false);
  }
  return (
    <>
      <Button onPress={() => setOpen(true)}>{text('catalogue.ask')}</Button>
      <Dialog
        title={text('catalogue.askTitle', { topic: topic.name })}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      >
        <p className="lead">{text('catalogue.askLead', { owner: topic.owner.name })}</p>
        <Form
          onSubmit={() => void send()}
          submit={text('catalogue.send')}
          busy={ask.busy}
          problem={ask.error}
          call={apiCall(requestAccess, call)}
        >
          <DraftNote draft={draft} />
          <TextArea
            name="purpose"
            label={text('grant.purpose')}
            hint={text('catalogue.purposeHint')}
            value={purpose}
            onChange={set('purpose')}
            rows={3}
            required
          />
          <TimeField
            name="until"
            label={text('grant.until')}
            hint={text('grant.untilHint')}
            value={until}
            onChange={set('until')}
          />
        </Form>
      </Dialog>
    </>
  );
}
