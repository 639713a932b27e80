import { createTurn } from '@anika/runtime/turn';
import type { FindCursor } from 'mongodb';
import type { MessageDocument } from './message-document.ts';

/** Everything that is found. Each may be of a quarter of a megabyte: others have their turns meanwhile. */
export async function readMessages<D extends MessageDocument>(cursor: FindCursor<D>): Promise<D[]> {
  const turn = createTurn();
  const found: D[] = [];
  for await (const document of cursor) {
    found.push(document);
    await turn.giveWay();
  }
  return found;
}
