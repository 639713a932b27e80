import type { FilterWarning } from '@anika/core/filter-look';
import type { Message } from '@anika/core/message';
import { createTurn, type Turn } from '@anika/runtime/turn';
import type { VisibleMessage } from '../messages/readable-messages.ts';

/** Looks at each of the newest messages for what is asked for and never there. */
export type Look = {
  look(message: VisibleMessage): void;
  warnings(considered: number): readonly FilterWarning[];
};

export type Preview<Sample> = {
  /** Messages looked at. */
  readonly considered: number;
  readonly matching: number;
  readonly samples: readonly Sample[];
  readonly warnings: readonly FilterWarning[];
};

export type Previewed<Sample> = {
  /** As whoever asks sees it; undefined: not at all. */
  readonly see: (message: Message, turn: Turn) => Promise<VisibleMessage | undefined>;
  /** Of a message that matches. */
  readonly sampleOf: (message: Message, seen: VisibleMessage, turn: Turn) => Promise<Sample | undefined>;
  readonly looks: readonly Look[];
};

const MAX_SAMPLES = 3;

/** What terms or wishes would have made of messages of late. */
export async function previewOf<Sample>(
  messages: AsyncIterable<Message>,
  { see, sampleOf, looks }: Previewed<Sample>,
): Promise<Preview<Sample>> {
  const turn = createTurn();
  const samples: Sample[] = [];
  let [considered, matching] = [0, 0];
  for await (const message of messages) {
    const seen = await see(message, turn);
    if (seen === undefined) continue;
    considered += 1;
    for (const { look } of looks) look(seen);
    const sample = await sampleOf(message, seen, turn);
    if (sample === undefined) continue;
    matching += 1;
    if (samples.length < MAX_SAMPLES) samples.push(sample);
  }
  return { considered, matching, samples, warnings: looks.flatMap(({ warnings }) => warnings(considered)) };
}
