import { createHash } from 'node:crypto';
import { BODIES, type EventToSend } from '@anika/core/delivery/event-body';
import { FORMATS } from '@anika/core/subscription';
import { describe, expect, it } from 'vitest';
import { findBody } from './check-body.ts';

const EVENT: EventToSend = {
  id: 'msg_1',
  type: 'car.chosen',
  timestampMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  dataText: '{"sum":12345678901234567890,"model":"Лада"}',
  key: 'client-17',
  topic: { id: 'top_1', name: 'Выбор машины' },
  publisher: { id: 'par_1', name: 'АвтоЭкспресс' },
};
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

describe('findBody()', () => {
  it.each(FORMATS)('finds what was sent as %s', async (format) => {
    const body = BODIES[format](EVENT);
    expect(await findBody([EVENT], hashOf(body))).toEqual({ format, body });
  });

  it('tries every event it is given', async () => {
    const masked = { ...EVENT, key: undefined, dataText: '{"model":"Лада"}' };
    const found = await findBody([EVENT, masked], hashOf(BODIES.anika(masked)));
    expect(found?.body).toBe(BODIES.anika(masked));
  });

  it('finds none where a digit is another one', async () => {
    const sent = BODIES.anika({ ...EVENT, dataText: EVENT.dataText.replace('890', '891') });
    expect(await findBody([EVENT], hashOf(sent))).toBeUndefined();
  });
});
