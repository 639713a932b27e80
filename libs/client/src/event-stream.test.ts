import { expect, it } from 'vitest';
import { createEventReader, piecesOf } from './event-stream.ts';

it('an event is read whole, however it is cut; a comment moves the position, and data may have lines', () => {
  const { read, lastId } = createEventReader('0');
  const text = 'id: 1\nevent: state\ndata: {"n":\ndata: 1}\n\n: alive\nid: 2\n\ndata: x\n\n';
  const events = [...text].flatMap((letter) => read(letter));
  expect(events).toEqual([
    { event: 'state', data: '{"n":\n1}', id: '1' },
    { event: 'message', data: 'x', id: '2' },
  ]);
  expect(lastId()).toBe('2');
});

it('a letter that is cut in two arrives whole, and who stops listening ends the body', async () => {
  const bytes = new TextEncoder().encode('Веста');
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.slice(0, 3));
      controller.enqueue(bytes.slice(3));
    },
    cancel() {
      isCancelled = true;
    },
  });
  let text = '';
  for await (const piece of piecesOf(body)) {
    text += piece;
    if (text === 'Веста') break;
  }
  expect(text).toBe('Веста');
  expect(isCancelled).toBe(true);
});
