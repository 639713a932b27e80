import type { DeliveryState } from '@anika/core/delivery/delivery';
import type { DeliveryId, ReplayId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { actOf } from '@anika/core/replay/judge-messages';
import type { Replay, ReplayKind } from '@anika/core/replay/replay';
import { createTurn } from '@anika/runtime/turn';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { MessageStore } from '@anika/stores/mongo/messages';
import { deliveryIdOf } from './delivery-id.ts';

export type ReplayPageNeeds = {
  readonly listBetween: MessageStore['listBetween'];
  readonly known: DeliveryStore['known'];
  readonly clock: { now(): number };
};

/** A message that a replay is to send. */
export type ReplayFind = {
  readonly message: Message;
  readonly deliveryId: DeliveryId;
  /** `ours`: started by this very replay, before a crash. */
  readonly act: 'make' | 'again' | 'ours';
  /** Of its delivery; undefined: it has none. */
  readonly state: DeliveryState | undefined;
};

export type ReplayPage = {
  readonly finds: readonly ReplayFind[];
  /** The last message that was looked at. */
  readonly reached: Replay['position'];
  /** There was no further message when it was read. */
  readonly isEnd: boolean;
};

type Reading = {
  readonly topicId: TopicId;
  readonly subscriptionId: SubscriptionId;
  readonly only: ReplayKind;
  /** None: it is only asked what one would send. */
  readonly id?: ReplayId;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly after: Replay['position'];
  /** What the subscription may have and wants, and the replay is for. */
  readonly judge: (message: Message, nowMs: number) => boolean;
};

const PAGE = 200;

/** The next messages in the order of acceptance, and what a replay does about each. */
export async function readReplayPage(reading: Reading, needs: ReplayPageNeeds): Promise<ReplayPage> {
  const { topicId, fromMs, untilMs, after } = reading;
  const messages = await needs.listBetween(topicId, { fromMs, toMs: untilMs, after, limit: PAGE });
  const wanted = await judgeAll(messages, reading, needs);
  const last = messages.at(-1);
  return {
    finds: await findsOf(wanted, reading, needs),
    reached: last && { acceptedAtMs: last.acceptedAtMs, id: last.id },
    isEnd: messages.length < PAGE,
  };
}

/** Filters are of a company's choosing: others have their turns meanwhile. */
async function judgeAll(
  messages: readonly Message[],
  { judge }: Reading,
  { clock }: Pick<ReplayPageNeeds, 'clock'>,
): Promise<Message[]> {
  const wanted: Message[] = [];
  const turn = createTurn();
  for (const message of messages) {
    await turn.giveWay();
    if (judge(message, clock.now())) wanted.push(message);
  }
  return wanted;
}

async function findsOf(
  messages: readonly Message[],
  { subscriptionId, only, id }: Reading,
  { known }: Pick<ReplayPageNeeds, 'known'>,
): Promise<ReplayFind[]> {
  if (messages.length === 0) return [];
  const placed = messages.map((message) => ({
    message,
    deliveryId: deliveryIdOf(message.id, subscriptionId),
  }));
  const stored = await known(placed.map(({ deliveryId }) => deliveryId));
  return placed.flatMap((one): ReplayFind[] => {
    const { state, replayId } = stored.get(one.deliveryId) ?? {};
    if (id !== undefined && replayId === id) return [{ ...one, act: 'ours', state }];
    const act = actOf(only, state);
    return act === 'leave' ? [] : [{ ...one, act, state }];
  });
}
