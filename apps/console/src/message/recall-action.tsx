import { listMessageDeliveries } from '@anika/contracts/deliveries';
import { getMessage, recallMessage, searchMessages } from '@anika/contracts/messages';
import { isUnfinished } from '@anika/core/delivery/delivery';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useMay, useSession } from '../session/session-context.ts';
import { useTopics } from '../topics/topic-name.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import type { Message } from './message.ts';

const COUNTED = 200;

/** Whether it waits for its time: then nobody has it. */
export function isScheduled({ deliverAt }: Pick<Message, 'deliverAt'>, nowMs: number): boolean {
  return deliverAt !== undefined && Date.parse(deliverAt) > nowMs;
}

/** Takes a message back, or cancels one whose time has not come; to its owner only. */
export function RecallAction({ message }: { readonly message: Message }) {
  const text = useText();
  const may = useMay();
  const { partnerId } = useSession();
  const owner = useTopics().get(message.topicId)?.owner.id;
  const [reason, setReason] = useState('');
  const recall = useWrite(recallMessage, [getMessage, searchMessages, listMessageDeliveries]);
  if (!may.manage || owner === undefined || owner !== partnerId) return null;
  const call = { params: { id: message.id }, body: { reason } };
  const kind = isScheduled(message, Date.now()) ? 'schedule' : 'recall';
  return (
    <WideAction
      label={text(`${kind}.do`)}
      title={text(`${kind}.doTitle`, { type: message.type })}
      effect={kind === 'schedule' ? <p>{text('schedule.doEffect')}</p> : <Effect messageId={message.id} />}
      fields={
        <TextArea
          name="reason"
          label={text('recall.reason')}
          hint={text('recall.reasonHint')}
          value={reason}
          onChange={setReason}
          rows={2}
          required
        />
      }
      missing={reason.trim() === '' ? text('recall.reasonFirst') : undefined}
      danger
      busy={recall.busy}
      problem={recall.error}
      call={apiCall(recallMessage, call)}
      run={() => recall.run(call)}
    />
  );
}

/** Who has it and what still waits, of the deliveries that there are. */
function Effect({ messageId }: { readonly messageId: string }) {
  const text = useText();
  const { items, more, isLoading } = useList(listMessageDeliveries, {
    params: { id: messageId },
    query: { limit: COUNTED },
  });
  const had = items.filter(({ state }) => state === 'delivered').length;
  const waits = items.filter(({ state }) => isUnfinished(state) || state === 'held').length;
  return (
    <>
      <p role="status">
        {isLoading ? text('ui.loading') : text('recall.counts', { had, waits })}
        {more !== undefined && ` ${text('recall.atLeast', { count: COUNTED })}`}
      </p>
      <p>{text('recall.doEffect')}</p>
    </>
  );
}
