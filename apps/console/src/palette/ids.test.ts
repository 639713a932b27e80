import { describe, expect, it } from 'vitest';
import { ID_KINDS, looksSecret, pageOfId, pastedId } from './ids.ts';

const TAIL = '01kb3v6m0eqx4tq2h7s9d5c8fz';

describe('pastedId()', () => {
  it.each(Object.entries(ID_KINDS))('knows %s for a %s', (prefix, kind) => {
    expect(pastedId(`${prefix}_${TAIL}`)).toEqual({ id: `${prefix}_${TAIL}`, kind });
  });

  it.each([`  "msg_${TAIL}", `, `'msg_${TAIL}'`, `msg_${TAIL}.`, `\`msg_${TAIL}\``])(
    'finds it in %s',
    (text) => {
      expect(pastedId(text)?.id).toBe(`msg_${TAIL}`);
    },
  );

  it('takes a job of a delivery for the delivery', () => {
    expect(pastedId(`dlv_${TAIL}0123456789abcdef_g2`)?.id).toBe(`dlv_${TAIL}0123456789abcdef`);
  });

  it('takes nothing else for a job', () => {
    expect(pastedId(`top_${TAIL}_g2`)).toBeUndefined();
  });

  it.each(['', 'topics', 'top_1', `xyz_${TAIL}`, `top_${TAIL}/x`, 'javascript:alert(1)'])(
    'finds none in "%s"',
    (text) => expect(pastedId(text)).toBeUndefined(),
  );
});

describe('pageOfId()', () => {
  it('leads to the page of what has one of its own', () => {
    expect(pageOfId({ id: `dlv_${TAIL}`, kind: 'delivery' })).toBe(`/deliveries/dlv_${TAIL}`);
    expect(pageOfId({ id: `key_${TAIL}`, kind: 'key' })).toBeUndefined();
  });
});

describe('looksSecret()', () => {
  it.each(['ank_abc', ' whsec_AbC=', 'ani_x', 'eyJhbGciOi.J9', 'Bearer ank_x'])('knows %s', (text) => {
    expect(looksSecret(text)).toBe(true);
  });
  it.each(['anika', 'msg_01kb3v6m0eqx4tq2h7s9d5c8fz', 'ключ'])('leaves %s', (text) => {
    expect(looksSecret(text)).toBe(false);
  });
});
