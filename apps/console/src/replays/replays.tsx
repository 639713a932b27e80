import { type replayPreview, startReplay } from '@anika/contracts/replays';
import { REPLAY_KINDS, REPLAY_PACE, type ReplayKind } from '@anika/core/replay/replay';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { FilterField } from '../filters/filter-field.tsx';
import { TypesField } from '../filters/types-field.tsx';
import { wordsIn } from '../filters/words-in.ts';
import { useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import type { Subscription } from '../subscriptions/subscription-name.tsx';
import { Form } from '../ui/form.tsx';
import { readJsonObject } from '../ui/json-object.ts';
import { Section } from '../ui/page.tsx';
import { Properties } from '../ui/properties.tsx';
import { Select, TextField } from '../ui/text-field.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { ReplayList } from './replay-list.tsx';
import { OF_REPLAYS } from './stale.ts';

type Preview = z.output<typeof replayPreview>;

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
        <ReplayList subscriptionId={subscription.id} />
      </Section>
    </>
  );
}

type Entered = {
  readonly from: string;
  readonly to: string;
  readonly only: ReplayKind;
  readonly pace: string;
  readonly types: string;
  readonly filter: string;
};

function firstEntered(): Entered {
  const from = new Date(Date.now() - DAY_MS).toISOString();
  return { from, to: '', only: 'missing', pace: String(REPLAY_PACE.usual), types: '', filter: '' };
}

function bodyOf({ from, to, only, pace, types, filter: entered }: Entered) {
  const filter = readJsonObject(entered);
  if (filter === undefined) return undefined;
  return {
    from,
    only,
    perSecond: Number(pace),
    types: wordsIn(types),
    filter,
    ...(to !== '' && { to }),
  };
}

/** As its button would send it now: counted first, then in earnest. */
function callOf(id: string, body: ReturnType<typeof bodyOf>, dryRun: boolean) {
  if (body === undefined) return undefined;
  return apiCall(startReplay, { params: { id }, body: { ...body, ...(dryRun && { dryRun }) } });
}

function NewReplay({ subscription: { id, state } }: { readonly subscription: Subscription }) {
  const text = useText();
  const navigate = useNavigate();
  const [entered, setEntered] = useState(firstEntered);
  const [counted, setCounted] = useState<Preview>();
  const count = useWrite(startReplay, []);
  const start = useWrite(startReplay, OF_REPLAYS);
  const body = bodyOf(entered);
  function change(changed: Partial<Entered>) {
    setEntered((before) => ({ ...before, ...changed }));
    setCounted(undefined);
  }
  async function preview() {
    if (body === undefined) return;
    const done = await count.run({ params: { id }, body: { ...body, dryRun: true } });
    if (done !== undefined && 'dryRun' in done.data) setCounted(done.data);
  }
  async function go() {
    if (body === undefined) return;
    const done = await start.run({ params: { id }, body });
    if (done !== undefined && 'id' in done.data) {
      await navigate({ to: '/replays/$replayId', params: { replayId: done.data.id } });
    }
  }
  const missing =
    state !== 'active' ? 'dead.notActive' : body === undefined ? 'grant.filterBroken' : undefined;
  return (
    <div className="card">
      <Form
        onSubmit={() => void (counted === undefined ? preview() : go())}
        submit={text(counted === undefined ? 'replay.count' : 'replay.start')}
        busy={count.busy || start.busy}
        problem={count.error ?? start.error}
        disabledBecause={missing === undefined ? undefined : text(missing)}
        call={callOf(id, body, counted === undefined)}
      >
        <Fields entered={entered} onChange={change} />
        {counted !== undefined && <Counted counted={counted} only={entered.only} />}
      </Form>
    </div>
  );
}

type FieldsProps = {
  readonly entered: Entered;
  readonly onChange: (changed: Partial<Entered>) => void;
};

function Fields({ entered, onChange }: FieldsProps) {
  const text = useText();
  return (
    <>
      <div className="form-row">
        <TimeField
          name="from"
          label={text('ui.from')}
          hint={text('replay.fromHint')}
          value={entered.from}
          onChange={(from) => onChange({ from })}
        />
        <TimeField
          name="to"
          label={text('ui.to')}
          hint={text('replay.toHint')}
          value={entered.to}
          onChange={(to) => onChange({ to })}
        />
      </div>
      <div className="form-row">
        <Select
          name="only"
          label={text('replay.only')}
          value={entered.only}
          onChange={(only) => onChange({ only })}
          options={REPLAY_KINDS.map((value) => ({ value, label: text(`replay.only.${value}`) }))}
        />
        <TextField
          name="perSecond"
          type="number"
          label={text('replay.pace')}
          hint={text('replay.paceHint', { min: REPLAY_PACE.min, max: REPLAY_PACE.max })}
          value={entered.pace}
          onChange={(pace) => onChange({ pace })}
          required
        />
      </div>
      <details className="more-filters">
        <summary>{text('replay.narrow')}</summary>
        <div className="stack">
          <TypesField name="types" value={entered.types} onChange={(types) => onChange({ types })} />
          <FilterField value={entered.filter} onChange={(filter) => onChange({ filter })} />
        </div>
      </details>
    </>
  );
}

/** What it would send, before it is started. */
function Counted({ counted, only }: { readonly counted: Preview; readonly only: ReplayKind }) {
  const text = useText();
  const { formatNumber } = useIntl();
  const { matched, never, dead, cancelled, delivered, complete } = counted;
  return (
    <div className="note stack-tight" role="status">
      <p>
        {text('replay.counted', { count: matched })}
        {!complete && ` ${text('replay.notAll')}`}
      </p>
      <Properties
        items={[
          { name: text('replay.never'), value: formatNumber(never) },
          { name: text('replay.dead'), value: formatNumber(dead) },
          { name: text('replay.cancelled'), value: formatNumber(cancelled) },
          only === 'all' ? { name: text('replay.delivered'), value: formatNumber(delivered) } : undefined,
        ]}
      />
    </div>
  );
}
