import { cloudEvent } from '@anika/contracts/webhook';
import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { FORMATS } from './formats.ts';

const EVENT = {
  id: 'msg_1',
  type: 'car.chosen',
  timestampMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  dataText: '{"b":1.0,"a":[1,"Лада"]}',
  key: 'заказ 100% "7"',
  topic: { id: 'top_1', name: 'Выбор машины' },
  publisher: { id: 'par_1', name: 'АвтоЭкспресс' },
};
const SAME = {
  specversion: '1.0',
  id: 'msg_1',
  source: 'urn:anika:topic:top_1',
  type: 'car.chosen',
  time: '2026-01-02T03:04:05.678Z',
  datacontenttype: 'application/json',
  anikapublisher: 'par_1',
  data: { b: 1, a: [1, 'Лада'] },
};

function received(format: keyof typeof FORMATS, event: typeof EVENT | Omit<typeof EVENT, 'key'> = EVENT) {
  const { headers, body } = FORMATS[format](event);
  const found = HTTP.toEvent({ headers: { ...headers }, body });
  if (Array.isArray(found)) throw new Error('one was sent');
  return new CloudEvent(found); // which checks every attribute
}

describe('CloudEvents', () => {
  it('in structured mode are read by the SDK as they were meant, and are of the shape of the contract', () => {
    const event = received('cloudevents-structured');
    expect(event.toJSON()).toMatchObject({ ...SAME, subject: EVENT.key, anikatopic: EVENT.topic.name });
    const { body } = FORMATS['cloudevents-structured'](EVENT);
    expect(body).toContain(`"data":${EVENT.dataText}`);
    expect(cloudEvent.strict().parse(JSON.parse(body))).toEqual(JSON.parse(body));
  });

  it('in binary mode are read by the SDK, with what no header may hold percent-encoded', () => {
    const { headers, body } = FORMATS['cloudevents-binary'](EVENT);
    expect(body).toBe(EVENT.dataText);
    expect(headers['ce-subject']).toBe('%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7%20100%25%20%227%22');
    for (const value of Object.values(headers)) expect(value).toMatch(/^[ -~]*$/);
    const event = received('cloudevents-binary');
    expect(event.toJSON()).toMatchObject(SAME);
    expect(decodeURIComponent(event.subject ?? '')).toBe(EVENT.key);
    expect(decodeURIComponent(String(event.anikatopic))).toBe(EVENT.topic.name);
  });

  it.each(['cloudevents-structured', 'cloudevents-binary'] as const)(
    '%s without a key have no subject',
    (format) => {
      const { key: _, ...rest } = EVENT;
      expect(received(format, rest).subject).toBeUndefined();
    },
  );
});
