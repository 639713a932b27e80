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
});
