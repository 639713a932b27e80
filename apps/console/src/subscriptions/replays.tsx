import {
  getReplay,
  listReplays,
  pauseReplay,
  type replay,
  type replayPreview,
  resumeReplay,
  startReplay,
  stopReplay,
} from '@anika/contracts/replays';
import { REPLAY_KINDS, REPLAY_PACE, type ReplayKind } from '@anika/core/replay/replay';
import { useState } from 'react';
import type { z } from 'zod';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Form } from '../ui/form.tsx';
import { List } from '../ui/list.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Select, TextField } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { ReplayStateBadge } from './replay-state.tsx';
import type { Subscription } from './subscription-name.tsx';

type Replay = z.output<typeof replay>;
type Preview = z.output<typeof replayPreview>;

const OF_REPLAYS = [listReplays, getReplay];
const REFRESH_MS = 2000;
const DAY_MS = 86_400_000;

/** The messages of a time once more: counted first, then at a pace, with a stop. */
export function Replays({ subscription }: { readonly subscription: Subscription }) {
  const text = useText();
  const may = useMay();
  return (
    <>
      {may.manage && (
        <Section title={text('replay.new')} lead={text('replay.lead')}>
          <NewReplay subscription={subscription} />
        </Section>
      )}
      <Section title={text('replay.all')}>
        <Started subscriptionId={subscription.id} />
      </Section>
    </>
  );
}

function NewReplay({ subscription: { id, state } }: { readonly subscription: Subscription }) {
  const text = useText();
  const [from, setFrom] = useState(() => new Date(Date.now() - DAY_MS).toISOString());
  const [to, setTo] = useState('');
  const [only, setOnly] = useState<ReplayKind>('missing');
  const [pace, setPace] = useState(String(REPLAY_PACE.usual));
  const [counted, setCounted] = useState<Preview>();
  const count = useWrite(startReplay, []);
  const start = useWrite(startReplay, OF_REPLAYS);
  const body = { from, only, perSecond: Number(pace), ...(to !== '' && { to }) };
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setCounted(undefined);
    };
  async function preview() {
    const done = await count.run({ params: { id }, body: { ...body, dryRun: true } });
    if (done !== undefined && 'dryRun' in done.data) setCounted(done.data);
  }
  async function go() {
    await start.run({ params: { id }, body });
    setCounted(undefined);
  }
  return (
    <div className="card">
      <Form
        onSubmit={() => void (counted === undefined ? preview() : go())}
        submit={text(counted === undefined ? 'replay.count' : 'replay.start')}
        busy={count.busy || start.busy}
        problem={count.error ?? start.error}
        disabledBecause={state === 'active' ? undefined : text('dead.notActive')}
      >
        <div className="form-row">
          <TimeField name="from" label={text('ui.from')} value={from} onChange={change(setFrom)} />
          <TimeField
            name="to"
            label={text('ui.to')}
            hint={text('replay.toHint')}
            value={to}
            onChange={change(setTo)}
          />
        </div>
        <div className="form-row">
          <Select
            name="only"
            label={text('replay.only')}
            value={only}
            onChange={change(setOnly)}
            options={REPLAY_KINDS.map((value) => ({ value, label: text(`replay.only.${value}`) }))}
          />
          <TextField
            name="perSecond"
            type="number"
            label={text('replay.pace')}
            value={pace}
            onChange={change(setPace)}
            required
          />
        </div>
        {counted !== undefined && (
          <p className="note" role="status">
            {text('replay.counted', {
              count: counted.matched,
              never: counted.never,
              delivered: counted.delivered,
            })}
            {!counted.complete && ` ${text('replay.notAll')}`}
          </p>
        )}
      </Form>
    </div>
  );
}

function Started({ subscriptionId }: { readonly subscriptionId: string }) {
  const text = useText();
  const list = useList(listReplays, { query: { subscriptionId, limit: 20 } }, { refreshMs: REFRESH_MS });
  return (
    <List
      label={text('replay.all')}
      list={list}
      rowKey={({ id }) => id}
      empty={<Empty icon="refresh" title={text('replay.none')} hint={text('replay.noneHint')} />}
      columns={[
        {
          id: 'range',
          head: text('replay.range'),
          cell: ({ from, to }) => (
            <span>
              <Time at={from} /> – <Time at={to} />
            </span>
          ),
        },
        { id: 'only', head: text('replay.only'), cell: ({ only }) => text(`replay.only.${only}`) },
        { id: 'state', head: text('ui.state'), cell: ({ state }) => <ReplayStateBadge state={state} /> },
        { id: 'progress', head: text('replay.progress'), wide: true, cell: (one) => <Progress of={one} /> },
        { id: 'created', head: text('topic.created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
        { id: 'do', head: text('ui.actions'), cell: (one) => <Do of={one} /> },
      ]}
    />
  );
}

function Progress({ of }: { readonly of: Replay }) {
  const text = useText();
  const { matched, started, delivered, dead, underWay, isRead } = of;
  return (
    <span>
      {isRead && matched > 0 && (
        <progress value={started} max={matched} aria-label={text('replay.progress')} />
      )}
      <span className="under">{text('replay.figures', { matched, started, delivered, dead, underWay })}</span>
    </span>
  );
}

function Do({ of: { id, state } }: { readonly of: Replay }) {
  const text = useText();
  const may = useMay();
  const pause = useWrite(pauseReplay, OF_REPLAYS);
  const resume = useWrite(resumeReplay, OF_REPLAYS);
  const stop = useWrite(stopReplay, OF_REPLAYS);
  const error = pause.error ?? resume.error ?? stop.error;
  const call = { params: { id } };
  if (!may.manage || state === 'done' || state === 'stopped') return '–';
  return (
    <span className="page-actions">
      {state === 'running' ? (
        <Button busy={pause.busy} onPress={() => void pause.run(call)}>
          {text('replay.pause')}
        </Button>
      ) : (
        <Button busy={resume.busy} onPress={() => void resume.run(call)}>
          {text('replay.resume')}
        </Button>
      )}
      <Button kind="danger" busy={stop.busy} onPress={() => void stop.run(call)}>
        {text('replay.stop')}
      </Button>
      {error !== null && <Problem problem={error} />}
    </span>
  );
}
