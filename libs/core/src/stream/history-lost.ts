/** The store does not know any more what happened since a position. */
export class HistoryLost extends Error {
  override readonly name = 'HistoryLost';
}
