import { describe, expect, it } from 'vitest';
import { readDraft } from './use-draft.ts';

const FIRST = { name: '', history: true };

describe('readDraft()', () => {
  it('gives back what was kept', () => {
    expect(readDraft('{"name":"Half written","history":false}', FIRST)).toEqual({
      name: 'Half written',
      history: false,
    });
  });

  it('takes no more than the fields there are', () => {
    expect(readDraft('{"name":"a","history":true,"other":"b"}', FIRST)).toEqual({ name: 'a', history: true });
  });

  it('gives back a list as the list it was', () => {
    const first = { ...FIRST, types: ['a'] };
    const kept = { name: 'b', history: true, types: ['c', 'd'] };
    expect(readDraft(JSON.stringify(kept), first)).toEqual(kept);
    expect(readDraft(JSON.stringify({ ...kept, types: 'c' }), first)).toBeUndefined();
  });

  it.each([null, '', '{', '[]', '{"name":"of another version"}', '{"name":1,"history":true}'])(
    'takes %j for none',
    (text) => expect(readDraft(text, FIRST)).toBeUndefined(),
  );
});
