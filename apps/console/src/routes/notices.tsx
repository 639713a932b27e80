import { listNotices } from '@anika/contracts/notices';
import { isNoticeType, NOTICE_TYPES, type NoticeType } from '@anika/core/notice/notice';
import { getRouteApi } from '@tanstack/react-router';
import { useList } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { NoticeText } from '../notices/notice-text.tsx';
import { useMay } from '../session/session-context.ts';
import { Empty } from '../ui/empty.tsx';
import { FilterForm } from '../ui/filter-form.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { List } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { Select } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { useEntered } from '../ui/use-entered.ts';

const route = getRouteApi('/notices');

/** What ANIKA has told the company, newest first. */
export function NoticesPage() {
  const text = useText();
  const search = route.useSearch();
  const type = typeIn(search.type);
  const { from, to } = search;
  const list = useList(listNotices, {
    query: {
      limit: 50,
      ...(type !== '' && { type }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    },
  });
  const isNarrowed = type !== '' || from !== undefined || to !== undefined;
  return (
    <Page title={text('menu.notices')} lead={text('notice.lead')} actions={<Actions />}>
      <Filters key={JSON.stringify(search)} />
      <List
        label={text('menu.notices')}
        list={list}
        rowKey={({ id }) => id}
        empty={
          isNarrowed ? (
            <Empty icon="search" title={text('notice.noneFits')} hint={text('message.noneFitsHint')} />
          ) : (
            <Empty icon="notice" title={text('notice.none')} hint={text('notice.noneHint')} />
          )
        }
        columns={[
          {
            id: 'at',
            head: text('notice.at'),
            tight: true,
            cell: ({ acceptedAt }) => <Time at={acceptedAt} />,
          },
          { id: 'text', head: text('notice.text'), wide: true, cell: (one) => <NoticeText notice={one} /> },
        ]}
      />
    </Page>
  );
}

function typeIn(text: string | undefined): NoticeType | '' {
  return text !== undefined && isNoticeType(text) ? text : '';
}

function Actions() {
  const text = useText();
  const may = useMay();
  return (
    <>
      <LinkButton to="/settings" search={{ tab: 'notices' }} icon="settings">
        {text('notice.byMail')}
      </LinkButton>
      {may.manage && (
        <LinkButton to="/subscriptions/new" search={{ topic: 'notices' }} icon="plus">
          {text('notice.subscribe')}
        </LinkButton>
      )}
    </>
  );
}

function Filters() {
  const text = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { entered, set, form } = useEntered(search, (to) => void navigate({ search: to }));
  return (
    <FilterForm label={text('notice.search')} {...form}>
      <div className="filter-fields">
        <Select
          name="type"
          label={text('notice.what')}
          value={typeIn(entered.type)}
          onChange={set('type')}
          options={[
            { value: '', label: text('notice.allTypes') },
            ...NOTICE_TYPES.map((value) => ({ value, label: text(`notice.type.${value}`) })),
          ]}
        />
        <TimeField name="from" label={text('ui.from')} value={entered.from ?? ''} onChange={set('from')} />
        <TimeField name="to" label={text('ui.to')} value={entered.to ?? ''} onChange={set('to')} />
      </div>
    </FilterForm>
  );
}
