import { Happenings } from '../../src/live/happenings.tsx';
import { LiveControls, LiveNotes } from '../../src/live/live-bar.tsx';
import type { Stream } from '../../src/live/use-stream.ts';
import { AT, DELIVERY_ID, HOSTILE, LONG, MESSAGE_ID, nothing, OTHER, TOPIC } from '../facts.ts';

const stream: Stream = {
  state: 'live',
  code: undefined,
  happenings: [],
  total: 0,
  oneOf: 1,
  caughtUp: undefined,
  lost: false,
};

function Controls({ of, newer }: { readonly of: Partial<Stream>; readonly newer?: number }) {
  const live = { stream: { ...stream, ...of }, shown: [], newer: newer ?? 0, hold: nothing, goOn: nothing };
  return (
    <>
      <div className="page-actions">
        <LiveControls live={{ ...live, isHeld: newer !== undefined }} />
      </div>
      <LiveNotes stream={live.stream} />
    </>
  );
}

export const Connecting = () => <Controls of={{ state: 'connecting' }} />;
export const Live = () => <Controls of={{}} />;
export const Held = () => <Controls of={{}} newer={37} />;
export const Reconnecting = () => <Controls of={{ state: 'reconnecting' }} />;
export const CaughtUp = () => <Controls of={{ caughtUp: 214 }} />;
export const Lost = () => <Controls of={{ lost: true, oneOf: 12 }} />;
export const Ended = () => <Controls of={{ state: 'ended', code: 'forbidden' }} />;
export const Rows = () => (
  <Happenings
    happenings={[
      { position: '1.1', kind: 'message', id: MESSAGE_ID, type: LONG, topicId: TOPIC.id, acceptedAt: AT },
      {
        position: '1.2',
        kind: 'delivery',
        id: DELIVERY_ID,
        state: 'dead',
        reason: 'gone',
        partnerId: OTHER.id,
      },
      {
        position: '1.3',
        kind: 'attempt',
        deliveryId: DELIVERY_ID,
        n: 3,
        errorClass: HOSTILE,
        durationMs: 84,
      },
      {
        position: '1.4',
        kind: 'attempt',
        deliveryId: DELIVERY_ID,
        n: 4,
        status: 204,
        durationMs: 84,
        at: AT,
      },
    ]}
  />
);
