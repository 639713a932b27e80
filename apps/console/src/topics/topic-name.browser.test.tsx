import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { OTHER, TOPIC } from '../../gallery/facts.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { watchAsked } from '../../gallery/testing/watch-asked.tsx';
import { TopicName } from './topic-name.tsx';

failOnComplaints();
afterEach(() => vi.useRealTimers());

const GONE = ['top_01kb3v6m0eqx4tq2h7s9d5c8f1', 'top_01kb3v6m0eqx4tq2h7s9d5c8f2'];

function Names({ ids }: { readonly ids: readonly string[] }) {
  const [round, setRound] = useState(0);
  return (
    <>
      <button type="button" onClick={() => setRound(round + 1)}>
        Anew
      </button>
      <p key={round}>
        {ids.map((id) => (
          <TopicName key={id} id={id} />
        ))}
      </p>
    </>
  );
}

it('walks through the catalogue once for all topics that nothing is known of, however long the page is open', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const asked = watchAsked();
  show(<Names ids={GONE} />);
  await expect.poll(() => asked('/v1/catalog')).toBe(1);
  vi.setSystemTime(Date.now() + 3_600_000);
  await userEvent.click(page.getByRole('button', { name: 'Anew' }));
  await expect.poll(() => asked('/v1/topics')).toBe(2);
  expect(asked('/v1/catalog')).toBe(1);
});

it('leaves the catalogue alone for a topic that may be read', async () => {
  const asked = watchAsked();
  show(<Names ids={[TOPIC.id]} />, { session: { partnerId: OTHER.id } });
  await expect.element(page.getByRole('link', { name: TOPIC.name })).toBeVisible();
  expect(asked('/v1/catalog')).toBe(0);
});
