import { vi } from 'vitest';
import { answerInPlaceOfApi } from '../answers.ts';

/** Another answer, until the test ends, to every call that fits. */
export function answerInstead(fits: (url: URL) => boolean, answer: () => Response): void {
  answerInPlaceOfApi();
  const before = window.fetch;
  vi.spyOn(window, 'fetch').mockImplementation(async (input, init) =>
    fits(new URL(input instanceof Request ? input.url : input, location.origin))
      ? answer()
      : before(input, init),
  );
}
