import type { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Failure } from '@anika/core/failures';
import { describe, expect, it } from 'vitest';
import { createOutgoing } from './outgoing.ts';

const response = () => new ServerResponse(new IncomingMessage(new Socket()));
const close = (res: EventEmitter) => res.emit('close');

describe('bytes under way', () => {
  it('are bounded for a company, and free again once an answer is out', () => {
    const outgoing = createOutgoing(100_000);
    const first = response();
    outgoing.hold('par_a', 60_000, first);
    expect(() => outgoing.hold('par_a', 60_000, response())).toThrow(Failure);
    outgoing.hold('par_a', 40_000, response());
    close(first);
    outgoing.hold('par_a', 60_000, response());
    expect(() => outgoing.hold('par_a', 16_384, response())).toThrow(/read your answers first/i);
  });

  it('of one company are not those of another', () => {
    const outgoing = createOutgoing(100_000);
    outgoing.hold('par_a', 100_000, response());
    outgoing.hold('par_b', 100_000, response());
  });

  it('do not keep back an answer larger than the bound, nor small ones', () => {
    const outgoing = createOutgoing(100_000);
    outgoing.hold('par_a', 5_000_000, response());
    for (let n = 0; n < 1000; n += 1) outgoing.hold('par_a', 500, response());
  });

  it('are counted before an answer is made where that is asked for: as many of its parts as there is room for', () => {
    const outgoing = createOutgoing(100_000);
    const [first, second] = [response(), response()];
    outgoing.hold('par_a', 60_000, first);
    expect(outgoing.reserve('par_a', [20_000, 20_000, 20_000], second)).toBe(2);
    // Nobody else has it meanwhile, and the answer itself counts in its place.
    expect(() => outgoing.hold('par_a', 20_000, response())).toThrow(Failure);
    outgoing.hold('par_a', 20_000, second);
    outgoing.hold('par_a', 20_000, response());
    close(second);
    close(first);
    outgoing.hold('par_a', 80_000, response());
  });

  it('that are reserved are free again when the request fails', () => {
    const outgoing = createOutgoing(100_000);
    const failed = response();
    outgoing.reserve('par_a', [90_000], failed);
    outgoing.reserve('par_a', [95_000], failed);
    close(failed);
    outgoing.hold('par_a', 100_000, response());
    expect(() => outgoing.reserve('par_a', [20_000], response())).toThrow(/read your answers first/i);
    expect(outgoing.reserve('par_a', [500, 500], response())).toBe(2);
  });

  it('of the only answer under way are not bounded', () => {
    expect(createOutgoing(100_000).reserve('par_a', [500_000, 10], response())).toBe(2);
  });
});
