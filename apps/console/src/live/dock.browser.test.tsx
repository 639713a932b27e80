import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { answerInPlaceOfApi } from '../../gallery/answers.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { Dock } from './dock.tsx';

failOnComplaints();

/** A stream of the API that sends what it is told to. */
function openStream(): { send(...types: readonly string[]): void } {
  answerInPlaceOfApi();
  const encoder = new TextEncoder();
  let sent = 0;
  let to: ReadableStreamDefaultController<Uint8Array> | undefined;
  const answer = window.fetch;
  vi.spyOn(window, 'fetch').mockImplementation(async (input, init) => {
    if (!String(input).startsWith('/v1/stream')) return answer(input, init);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        to = controller;
      },
    });
    return new Response(body);
  });
  return {
    send(...types) {
      for (const type of types) {
        sent += 1;
        const id = `msg_01kb3v6m0eqx4tq2h7s9d5c${String(sent).padStart(3, '0')}`;
        const data = JSON.stringify({ id, type, acceptedAt: '2026-03-08T06:59:30.125Z' });
        to?.enqueue(encoder.encode(`event: message\nid: ${sent}\ndata: ${data}\n\n`));
      }
    },
  };
}

const MANY = Array.from({ length: 30 }, (_, place) => `many.${place}`);
const row = (type: string) => page.getByRole('row').filter({ hasText: type });

async function openDock() {
  const stream = openStream();
  show(<Dock onClose={() => undefined} />);
  await expect.element(page.getByText('live', { exact: true })).toBeVisible();
  return stream;
}

it('shows the newest first, holds still while it is paused, counts what comes, and goes on', async () => {
  const { send } = await openDock();
  send('first', 'second');
  await expect.element(row('second')).toBeInTheDocument();
  const shown = () =>
    page
      .getByRole('link')
      .elements()
      .map((one) => one.textContent);
  expect(shown().indexOf('second')).toBeLessThan(shown().indexOf('first'));
  await page.getByRole('button', { name: 'Hold still' }).click();
  send('third', 'fourth');
  const goOn = page.getByRole('button', { name: /2 new/ });
  await expect.element(goOn).toBeVisible();
  await expect.element(row('third')).not.toBeInTheDocument();
  await goOn.click();
  await expect.element(row('fourth')).toBeInTheDocument();
});

it('is held still for whoever has gone down in it', async () => {
  const { send } = await openDock();
  send(...MANY);
  await expect.element(row('many.29')).toBeInTheDocument();
  const rows = page.getByRole('region', { name: 'Live' }).element();
  rows.scrollTop = 300;
  await expect.element(page.getByRole('button', { name: /Go on/ })).toBeVisible();
  send('later');
  await expect.element(page.getByRole('button', { name: /1 new/ })).toBeVisible();
  await expect.element(row('later')).not.toBeInTheDocument();
});
