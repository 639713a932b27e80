import { getDelivery, listMessageDeliveries } from '@anika/contracts/deliveries';
import { listTopicGrants } from '@anika/contracts/grants';
import { isReservedType } from '@anika/core/message';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useList, useOne } from '../api/use-api.ts';
import { type Fields, useFieldsThen } from '../grants/terms-then.ts';
import { useGrant } from '../grants/use-grant.ts';
import { useText } from '../i18n/use-text.ts';
import { usePartners } from '../partners/partner-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { SideBySide } from '../ui/side-by-side.tsx';
import { Select } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { linesOf, seenUnder } from './as-seen.ts';
import type { Message } from './message.ts';

type Of = { readonly message: Message; readonly dataText: string };
type Props = Of & {
  /** Whose eyes are wanted; undefined: those of the first. */
  readonly reader: string | undefined;
  readonly onReader: (partnerId: string) => void;
};

/** To the owner: what the mask of a reader's grant leaves, beside what was published. */
export function AsReaderGotIt({ message, dataText, reader, onReader }: Props) {
  const text = useText();
  const partners = usePartners();
  const { readers, isLoading } = useReaders(message);
  const shown = readers.find((id) => id === reader) ?? readers[0];
  if (isLoading) return <Waiting />;
  if (shown === undefined) {
    return <Empty icon="access" title={text('seen.nobody')} hint={text('seen.nobodyHint')} />;
  }
  return (
    <div className="stack">
      <p className="lead">{text('seen.lead')}</p>
      <div className="form">
        <Select
          name="reader"
          label={text('grant.reader')}
          value={shown}
          onChange={onReader}
          options={readers.map((id) => ({ value: id, label: partners.get(id) ?? id }))}
        />
      </div>
      <OfReader key={shown} message={message} dataText={dataText} partnerId={shown} />
    </div>
  );
}

/** Who has it, then who may read the topic. */
function useReaders({ id, topicId }: Message) {
  const deliveries = useList(listMessageDeliveries, { params: { id }, query: { limit: 200 } });
  const grants = useList(listTopicGrants, { params: { id: topicId }, query: { limit: 200 } });
  const granted = new Set(grants.items.map(({ partnerId }) => partnerId));
  // The owner's own subscriptions are under no grant.
  const had = deliveries.items.map(({ partnerId }) => partnerId).filter((one) => granted.has(one));
  return {
    readers: [...new Set([...had, ...granted])],
    isLoading: deliveries.isLoading || grants.isLoading,
  };
}

type OfReaderProps = Of & { readonly partnerId: string };

function OfReader({ message, dataText, partnerId }: OfReaderProps) {
  const text = useText();
  const reader = usePartners().get(partnerId) ?? partnerId;
  const { sent, isLoading } = useSent(message.id, partnerId);
  const grant = useGrant(message.topicId, partnerId);
  const then = useFieldsThen(grant, sent?.grantVersion);
  if (isLoading || then.kind === 'loading') return <Waiting />;
  if (then.kind === 'none') return <p className="note">{text('seen.noGrant')}</p>;
  return (
    <>
      <p className="note" role="status">
        {sent === undefined ? (
          <>
            {text('seen.notSent', { reader, version: then.version })}{' '}
            <Link to="." search={(before: object) => ({ ...before, tab: 'explain' })}>
              {text('seen.why')}
            </Link>
          </>
        ) : (
          <>
            {text('seen.sent', { reader, version: sent.grantVersion ?? then.version })}{' '}
            <Link to="/deliveries/$deliveryId" params={{ deliveryId: sent.deliveryId }}>
              <Time at={sent.at} to="millisecond" />
            </Link>
          </>
        )}
      </p>
      {then.kind === 'present' && (
        <p className="note note-wait">{text(`seen.${then.why}`, { version: then.version })}</p>
      )}
      <Beside
        message={message}
        dataText={dataText}
        fields={then.fields}
        got={text(sent === undefined ? 'seen.wouldGet' : 'seen.got', { reader })}
      />
    </>
  );
}

/** The last request that carried it to this reader. */
function useSent(messageId: string, partnerId: string) {
  const deliveries = useList(listMessageDeliveries, { params: { id: messageId }, query: { limit: 200 } });
  const own = deliveries.items.filter((one) => one.partnerId === partnerId && one.attemptCount > 0);
  const { id = '' } = own.find(({ state }) => state === 'delivered') ?? own[0] ?? {};
  const delivery = useOne(getDelivery, [{ params: { id } }], { enabled: id !== '' });
  const last = delivery.data?.attempts.at(-1);
  return {
    sent: last === undefined ? undefined : { ...last, deliveryId: id },
    isLoading: deliveries.isLoading || delivery.isLoading,
  };
}

type BesideProps = Of & {
  readonly fields: Fields;
  readonly got: string;
};

function Beside({ message: { type, key }, dataText, fields, got }: BesideProps) {
  const text = useText();
  const seen = useMemo(() => seenUnder(fields, { type, key, dataText }), [fields, type, key, dataText]);
  const lines = useMemo(
    () => (seen === undefined ? [] : linesOf({ published: dataText, got: seen.dataText })),
    [dataText, seen],
  );
  if (seen === undefined) return <p className="note note-bad">{text('seen.unknownFields')}</p>;
  const hidden = lines.filter((line) => line.got === undefined).length;
  const isKeyHidden = key !== null && seen.key === null;
  return (
    <>
      <p>
        {fields === null || isReservedType(type)
          ? text('seen.noMask')
          : text('seen.hidden', { count: hidden })}
        {isKeyHidden && ` ${text('seen.keyHidden')}`}
      </p>
      <SideBySide
        label={text('message.data')}
        heads={{ before: text('seen.published'), after: got }}
        lines={lines.map((line) => ({ before: line.published, after: line.got }))}
      />
    </>
  );
}
