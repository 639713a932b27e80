import { createErasure, type erasure, type erasurePreview, listErasures } from '@anika/contracts/erasures';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { apiCall } from '../api/snippets.ts';
import { useWrite, type Write } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Select, TextArea, TextField } from '../ui/text-field.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { type EnteredErasure, type ErasureBody, erasureBody } from './erasure-body.ts';

type Counting = Pick<
  Write<never, z.output<typeof erasure> | z.output<typeof erasurePreview>>,
  'busy' | 'data'
>;

const NOTHING: EnteredErasure = { topicId: '', by: 'key', key: '', path: '', value: '', reason: '' };

/** What is looked for is written first; then what follows is said, and it has to be typed once more. */
export function StartErasure() {
  const text = useText();
  const navigate = useNavigate();
  const [entered, setEntered] = useState(NOTHING);
  const count = useWrite(createErasure, []);
  const create = useWrite(createErasure, [listErasures]);
  const change = (changed: Partial<EnteredErasure>) => setEntered((before) => ({ ...before, ...changed }));
  // The client writes an `ExactNumber` as the number it is.
  const body = erasureBody(entered) as ErasureBody | undefined;
  async function run() {
    if (body === undefined) return undefined;
    const done = await create.run({ body });
    if (done !== undefined && 'id' in done.data) {
      await navigate({ to: '/erasures/$erasureId', params: { erasureId: done.data.id } });
    }
    return done;
  }
  return (
    <div className="card">
      <div className="form">
        <TopicSelect
          value={entered.topicId}
          onChange={(topicId) => change({ topicId })}
          all={text('erasure.allTopics')}
          which="own"
        />
        <Select
          name="by"
          label={text('erasure.by')}
          value={entered.by}
          onChange={(by) => change({ by })}
          options={[
            { value: 'key', label: text('erasure.by.key') },
            { value: 'path', label: text('erasure.by.path') },
          ]}
        />
        <Criterion entered={entered} onChange={change} />
        <TextArea
          name="reason"
          label={text('recall.reason')}
          hint={text('recall.reasonHint')}
          value={entered.reason}
          onChange={(reason) => change({ reason })}
          rows={2}
        />
        <div>
          <WideAction
            label={text('erasure.start')}
            title={text('erasure.startTitle')}
            effect={
              <>
                <Counted of={count} />
                <p>{text('erasure.startEffect')}</p>
              </>
            }
            onOpen={() => {
              if (body !== undefined) void count.run({ body: { ...body, dryRun: true } });
            }}
            typed={entered.by === 'key' ? entered.key : entered.value}
            danger
            disabledBecause={body === undefined ? text('erasure.incomplete') : undefined}
            busy={create.busy}
            problem={create.error}
            call={body === undefined ? undefined : apiCall(createErasure, { body })}
            run={run}
          />
        </div>
      </div>
    </div>
  );
}

/** How many messages fit, as the API has counted them for this. */
function Counted({ of: { busy, data } }: { readonly of: Counting }) {
  const text = useText();
  if (busy) return <p role="status">{text('ui.loading')}</p>;
  if (data === undefined || !('dryRun' in data)) {
    return <p role="status">{text('erasure.notCounted')}</p>;
  }
  const { matched, complete } = data;
  return (
    <p role="status">{text(complete ? 'erasure.counted' : 'erasure.countedPart', { count: matched })}</p>
  );
}

type CriterionProps = {
  readonly entered: EnteredErasure;
  readonly onChange: (changed: Partial<EnteredErasure>) => void;
};

function Criterion({ entered, onChange }: CriterionProps) {
  const text = useText();
  if (entered.by === 'key') {
    return (
      <TextField
        name="key"
        label={text('message.key')}
        value={entered.key}
        onChange={(key) => onChange({ key })}
        autoComplete="off"
      />
    );
  }
  return (
    <div className="form-row">
      <TextField
        name="path"
        label={text('erasure.path')}
        hint={text('erasure.pathHint')}
        value={entered.path}
        onChange={(path) => onChange({ path })}
        autoComplete="off"
      />
      <TextField
        name="value"
        label={text('erasure.value')}
        hint={text('erasure.valueHint')}
        value={entered.value}
        onChange={(value) => onChange({ value })}
        autoComplete="off"
      />
    </div>
  );
}
