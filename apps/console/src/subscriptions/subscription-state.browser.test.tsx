import { stateReason } from '@anika/core/subscription/state-reasons';
import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { failOnComplaints, show } from '../../gallery/testing/show.tsx';
import { StateReason } from './subscription-state.tsx';

failOnComplaints();

it.each([
  ['failed', 'connect timed out', 'Проверочный запрос не прошёл: connect timed out'],
  ['failed', 'a\u202eb', 'Проверочный запрос не прошёл: a\\u202eb'],
] as const)(
  'StateReason says %s in Russian, and what only the API says as English',
  async (name, what, shown) => {
    const look = { language: 'ru', theme: 'light' } as const;
    show(
      <p>
        <StateReason reason={stateReason(name, what)} />
      </p>,
      { look },
    );
    const sentence = page.getByText('Проверочный запрос не прошёл');
    await expect.element(sentence).toHaveTextContent(shown);
    const english = [...sentence.element().querySelectorAll('[lang="en"]')].map((one) => one.textContent);
    expect(english).toEqual([what.replace('\u202e', '\\u202e')]);
  },
);
