import { Failure } from '@anika/core/failures';
import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { readBinary, readEvent } from './read-event.ts';

const EVENT = { specversion: '1.0', id: 'e-1', source: '/orders', type: 'car.chosen' };

const read = (value: unknown, repeated = {}) =>
  readEvent({ text: JSON.stringify(value), value }, new Map(Object.entries(repeated)));

const readHeaders = (headers: object, text?: string) =>
  readBinary(
    text === undefined ? undefined : { text, value: JSON.parse(text) },
    new Map(Object.entries(headers)),
  );

/** The fields that are named as wrong, with what is said of them. */
function refused(act: () => unknown): Record<string, string> {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'validation-failed') throw error;
    if (error.errors === undefined) return { '': error.message };
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
  throw new Error('it was taken');
}

describe('readEvent()', () => {
  it('takes what the SDK writes: subject is the key, source and id are the idempotency key', () => {
    const event = new CloudEvent({ ...EVENT, subject: 'заказ 7', data: { model: 'Лада' } });
    const { body, headers } = HTTP.structured(event);
    expect(headers['content-type']).toContain('application/cloudevents+json');
    expect(read(JSON.parse(String(body)))).toEqual({
      type: 'car.chosen',
      key: 'заказ 7',
      data: { model: 'Лада' },
      dataText: '{"model":"Лада"}',
      audience: undefined,
      idempotencyKey: 'ce\n/orders\ne-1',
      deliverAtMs: undefined,
    });
  });

  it('keeps the text of data as it is written', () => {
    const dataText = '{"b":1.0,"a":12345678901234567890.10,"__proto__":{"x":1}}';
    const text = `{"data": ${dataText} ,"specversion":"1.0","id":"1","source":"s","type":"t"}`;
    expect(readEvent({ text, value: JSON.parse(text) }).dataText).toBe(dataText);
  });

  it('takes null as no attribute, and no data as null', () => {
    const given = read({ ...EVENT, subject: null, time: null, data_base64: null, anything: null });
    expect(given).toMatchObject({ key: undefined, data: null, dataText: 'null' });
  });

  it('has two attributes for what CloudEvents have none for', () => {
    const [one, two] = ['par_01kb3v6m0eqx4tq2h7s9d5c8fz', 'par_01kb3v6m0eqx4tq2h7s9d5c8fy'];
    const extensions = { anikaaudience: `${one}, ${two}`, anikadeliverat: '2026-12-01T09:00:00+03:00' };
    expect(read({ ...EVENT, ...extensions })).toMatchObject({
      audience: [one, two],
      deliverAtMs: Date.UTC(2026, 11, 1, 6),
    });
  });

  it.each<[string, unknown, string]>([
    ['specversion', '0.3', 'must be "1.0"'],
    ['specversion', 1, 'must be "1.0"'],
    ['specversion', undefined, 'must be "1.0"'],
    ['id', undefined, 'is required'],
    ['id', '', 'must have at least 1 character'],
    ['id', 'a\nb', 'must not hold control characters'],
    ['id', '\ud800', 'must not hold a NUL character or half a surrogate pair'],
    ['source', undefined, 'is required'],
    ['source', 7, 'must be a text'],
    ['type', 'с пробелом', 'must be 1–128 of A–Z a–z 0–9 _ . -'],
    ['subject', 'x'.repeat(257), 'must have at most 256 characters'],
    ['time', 'yesterday', expect.stringContaining('must be an ISO 8601 time')],
    ['datacontenttype', 'application/xml', 'must be application/json'],
    ['datacontenttype', 'application/json-seq', 'must be application/json'],
    ['anikaaudience', 'everybody', 'must be ids that begin with par_'],
    ['anikadeliverat', 'soon', expect.stringContaining('must be an ISO 8601 time')],
    ['data_base64', 'AAAA', 'is not carried: send JSON as `data`'],
    ['dataschema', 'https://x.example/s', expect.stringContaining('the schema of the topic')],
    ['traceid', 'x', expect.stringContaining('put it into `data`')],
    ['anikatopic', 'x', expect.stringContaining('put it into `data`')],
    ['constructor', 'x', expect.stringContaining('put it into `data`')],
    ['toString', 'x', expect.stringContaining('put it into `data`')],
  ])('refuses %s: %s', (name, value, message) => {
    expect(refused(() => read({ ...EVENT, [name]: value }))).toEqual({ [name]: message });
  });

  it('refuses an attribute named __proto__ rather than to lose it', () => {
    const value = JSON.parse(JSON.stringify(EVENT).replace('{', '{"__proto__":{"type":"x"},'));
    expect(Object.keys(refused(() => read(value)))).toEqual(['__proto__']);
  });

  it('names each extension, up to twenty', () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`x${n}`, n]));
    expect(Object.keys(refused(() => read({ ...EVENT, ...many })))).toHaveLength(20);
  });

  it.each([null, 'text', 7, true, [EVENT]])('refuses what is no object: %s', (value) => {
    expect(refused(() => read(value))).toEqual({ '': 'A CloudEvent must be an object' });
  });

  it('takes headers that repeat its attributes, and refuses one that says something else', () => {
    const event = { ...EVENT, subject: 'заказ' };
    const same = { id: 'e-1', subject: encodeURIComponent('заказ') };
    expect(read(event, same)).toMatchObject({ key: 'заказ' });
    expect(refused(() => read(event, { ...same, type: 'car.returned' }))).toEqual({
      'ce-type': 'is not what the event itself says',
    });
    expect(refused(() => read(event, { time: '2026-01-01T00:00:00Z' }))).toHaveProperty('ce-time');
  });
});

describe('readBinary()', () => {
  it('takes what the SDK writes: attributes are headers, the body is the data', () => {
    const { headers, body } = HTTP.binary(new CloudEvent({ ...EVENT, data: { model: 'Лада' } }));
    const attributes = Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('ce-') ? [[name.slice(3), String(value)]] : [],
    );
    expect(readHeaders(Object.fromEntries(attributes), String(body))).toMatchObject({
      type: 'car.chosen',
      data: { model: 'Лада' },
      dataText: '{"model":"Лада"}',
      idempotencyKey: 'ce\n/orders\ne-1',
    });
  });

  it('takes one without a body as one whose data is null', () => {
    expect(readHeaders(EVENT)).toMatchObject({ data: null, dataText: 'null' });
  });

  it.each([
    ['%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7%20100%25%20%227%22', 'заказ 100% "7"'],
    ['as it is', 'as it is'],
    ['"in quotes"', 'in quotes'],
    ['"a \\"b\\" c\\\\"', 'a "b" c\\'],
    ['one " within', 'one " within'],
  ])('reads the header %s as %s', (header, subject) => {
    expect(readHeaders({ ...EVENT, subject: header }).key).toBe(subject);
  });

  it.each(['100%', '%zz', '%FF', '%ED%A0%80', '%C0%80', 'Ð·Ð°ÐºÐ°Ð·'])('refuses the header %s', (header) => {
    expect(refused(() => readHeaders({ ...EVENT, subject: header }))).toEqual({
      'ce-subject': expect.stringContaining('percent-encoded'),
    });
  });

  it.each(['data', 'datacontenttype'])('refuses a header for %s', (name) => {
    expect(refused(() => readHeaders({ ...EVENT, [name]: 'x' }))).toHaveProperty(`ce-${name}`);
  });

  it('refuses headers without those that every event has', () => {
    expect(refused(() => readHeaders({ id: '1' }))).toHaveProperty('specversion');
    expect(refused(() => readHeaders({ specversion: '1.0' }))).toMatchObject({
      id: 'is required',
      source: 'is required',
      type: 'is required',
    });
  });
});
