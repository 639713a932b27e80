import { listDeliveries } from '@anika/contracts/deliveries';
import { vi } from 'vitest';
import { useList } from '../../src/api/use-api.ts';
import { answerInPlaceOfApi } from '../answers.ts';

/** How often each path of the API was asked for, from now on. */
export function watchAsked(): (path: string) => number {
  answerInPlaceOfApi();
  const asked = vi.spyOn(window, 'fetch');
  const pathOf = (input: RequestInfo | URL) =>
    new URL(input instanceof Request ? input.url : input, location.origin).pathname;
  return (path) => asked.mock.calls.filter(([input]) => pathOf(input) === path).length;
}

/** A list that is on the page meanwhile, and asks by itself for nothing anew. */
export function DeliveriesBeside() {
  useList(listDeliveries, { query: { limit: 50 } }, { refreshMs: false });
  return null;
}
