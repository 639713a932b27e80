import type { Message } from '@anika/core/message';
import { createTurn, type Turn } from '@anika/runtime/turn';
import type { MessageSearch, SearchPage, TimeCursor } from '@anika/stores/mongo/message-search';
import { PAGE_BYTES } from '../http/page.ts';
import type { VisibleMessage } from './readable-messages.ts';

const SCAN_STEP = 50;
/** How many are asked for before it is known how large they are: each may be as large as a page. */
const FIRST = 10;
/** Of JSON text, for one page. Of what the caller sees: where a page ends must not tell how much is hidden. */
const SCAN_MAX_CHARS = 8_000_000;

export type Looking = {
  /** Messages looked at for one page, or as many as it has room for; it then ends early, with a position to go on from. */
  readonly scanMax: number;
  /** How many are asked for at a time, once the first have not filled the page; default 50. */
  readonly scanStep?: number;
  readonly see: (message: Message, turn: Turn) => Promise<VisibleMessage | undefined>;
  readonly isWanted: (visible: VisibleMessage) => boolean;
};

export type Collected = {
  readonly messages: readonly VisibleMessage[];
  /** After it nothing was looked at; undefined: there is no more. */
  readonly next: TimeCursor | undefined;
};

/** Reads on until the page is full, the end is reached, or enough was looked at for one request. */
export async function collectPage(
  search: MessageSearch,
  find: (search: MessageSearch) => Promise<SearchPage>,
  { scanMax, scanStep = SCAN_STEP, see, isWanted }: Looking,
): Promise<Collected> {
  const messages: VisibleMessage[] = [];
  let after = search.after;
  let seenChars = 0;
  const turn = createTurn();
  let pageBytes = 0;
  const read = { messages: 0, chars: 0 };
  const lookMax = Math.max(scanMax, search.limit + 1);
  for (let scanned = 0; scanned < lookMax; ) {
    const missing = Math.max(search.limit - messages.length, scanned === 0 ? 0 : scanStep) + 1;
    // How many fill a page depends on what is hidden of them. Asked for beyond the last, they would tell of it.
    const limit = Math.min(missing, onePage(read), lookMax - scanned);
    const found = await find({ ...search, after, limit });
    for (const message of found.messages) {
      read.messages += 1;
      read.chars += message.dataText.length;
      if (seenChars >= SCAN_MAX_CHARS) return { messages, next: after };
      const visible = await see(message, turn);
      await turn.giveWay();
      if (visible !== undefined && isWanted(visible)) {
        if (messages.length === search.limit) return { messages, next: after };
        messages.push(visible);
        pageBytes += Buffer.byteLength(visible.dataText);
      }
      after = { acceptedAtMs: message.acceptedAtMs, id: message.id };
      if (pageBytes >= PAGE_BYTES) return { messages, next: after };
      seenChars += visible?.dataText.length ?? 0;
      await turn.giveWay();
    }
    if (found.next === undefined) return { messages, next: undefined };
    after = found.next;
    const { length } = found.messages;
    scanned += length === limit ? limit : Math.max(length, SCAN_STEP);
  }
  return { messages, next: after };
}

/** How many like those that were read fill a page, about. */
function onePage({ messages, chars }: { readonly messages: number; readonly chars: number }): number {
  return messages === 0 ? FIRST : Math.max(FIRST, Math.ceil((PAGE_BYTES * messages) / (chars + 1)));
}
