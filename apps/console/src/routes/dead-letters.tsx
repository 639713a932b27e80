import { listDeliveries } from '@anika/contracts/deliveries';
import { useState } from 'react';
import { useList } from '../api/use-api.ts';
import { DeadGroups } from '../deliveries/dead-groups.tsx';
import { groupsOf } from '../deliveries/group-dead.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Saved } from '../ui/saved.tsx';
import { Waiting } from '../ui/waiting.tsx';

const PAGE = 200;

export function DeadLettersPage() {
  const text = useText();
  const list = useList(listDeliveries, { query: { limit: PAGE, state: 'dead' as const } });
  const { items, isLoading, error, more, isLoadingMore, refresh } = list;
  const [redriven, setRedriven] = useState<number>();
  const groups = groupsOf(items);
  return (
    <Page
      title={text('menu.deadLetters')}
      lead={text('dead.lead')}
      actions={<Freshness {...list} failed={error !== null} />}
    >
      {error !== null && <Problem problem={error} onRetry={refresh} />}
      {redriven !== undefined && <Saved>{text('dead.redriven', { count: redriven })}</Saved>}
      {isLoading && error === null && <Waiting />}
      {!isLoading && error === null && items.length === 0 && (
        <Empty icon="check" title={text('dead.none')} hint={text('dead.noneHint')} />
      )}
      {groups.length > 0 && <DeadGroups groups={groups} onRedriven={setRedriven} />}
      {more !== undefined && (
        <div className="list-more">
          <p className="lead">{text('dead.partial', { count: items.length })}</p>
          <Button onPress={more} busy={isLoadingMore}>
            {text('ui.more')}
          </Button>
        </div>
      )}
    </Page>
  );
}
