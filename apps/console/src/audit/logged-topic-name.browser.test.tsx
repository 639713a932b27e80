import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { LOGGED, LONG } from '../../gallery/facts.ts';
import { answerInstead } from '../../gallery/testing/answer-instead.ts';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { watchAsked } from '../../gallery/testing/watch-asked.tsx';
import { LoggedTopicName } from './logged-topic-name.tsx';

failOnComplaints();

it('reads the names of all topics of a page at once', async () => {
  const asked = watchAsked();
  const ids = LOGGED.map(({ topicId }) => topicId ?? '');
  show(ids.map((id) => <LoggedTopicName key={id} id={id} />));
  for (const id of ids) await expect.element(page.getByTitle(id)).toHaveTextContent(LONG);
  expect(asked('/v1/audit')).toBe(2);
});

it('reads the name of one topic where those of all cannot be read', async () => {
  answerInstead(
    ({ pathname, searchParams }) => pathname === '/v1/audit' && !searchParams.has('topicId'),
    () => Response.json({}, { status: 503 }),
  );
  const id = LOGGED[0]?.topicId ?? '';
  show(<LoggedTopicName id={id} />);
  await expect.element(page.getByTitle(id)).toHaveTextContent(LONG);
});
