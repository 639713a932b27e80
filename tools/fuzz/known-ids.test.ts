import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { buildOpenApi } from '@anika/contracts/openapi';
import type { FailureCode } from '@anika/core/failures';
import { describe, expect, it } from 'vitest';
import { prefixInPath, withKnownIds } from './known-ids.ts';
import { PLACES } from './places.ts';
import { unknownLike } from './stage.ts';

const KNOWN = {
  top: ['top_a', 'top_b'],
  par: ['par_a', 'par_b'],
  sub: ['sub_a', 'sub_b'],
  url: ['http://127.0.0.1:1'],
};
const statusOf = new Proxy({} as Record<FailureCode, number>, { get: () => 400 });
const plain = JSON.parse(JSON.stringify(buildOpenApi({ version: '1', serverUrl: undefined, statusOf })));
const seeded = JSON.parse(JSON.stringify(withKnownIds(plain, KNOWN)));

const offering = (ids: readonly string[], schema: unknown) => ({
  anyOf: [{ type: 'string', enum: ids }, schema],
});

describe('withKnownIds()', () => {
  it('offers ids that exist in a path, beside all that was allowed', () => {
    const [before] = plain.paths['/v1/topics/{id}'].get.parameters;
    const [after] = seeded.paths['/v1/topics/{id}'].get.parameters;
    expect(after).toEqual({ ...before, schema: offering(KNOWN.top, before.schema) });
  });

  it('offers for deletion only the first half of them', () => {
    const [id] = seeded.paths['/v1/topics/{id}'].delete.parameters;
    expect(id.schema.anyOf[0].enum).toEqual(['top_a']);
  });

  it('offers each parameter ids of its own kind', () => {
    const { parameters } = seeded.paths['/v1/topics/{id}/grants/{partnerId}'].put;
    expect(
      parameters.map((one: { schema: { anyOf: [{ enum: unknown }] } }) => one.schema.anyOf[0].enum),
    ).toEqual([KNOWN.top, KNOWN.par]);
  });

  it('offers them in bodies and queries', () => {
    const body = seeded.paths['/v1/subscriptions'].post.requestBody.content['application/json'].schema;
    expect(body.properties.topicId.anyOf[0].enum).toEqual(KNOWN.top);
    expect(body.properties.url.anyOf[0].enum).toEqual(KNOWN.url);
    const message = seeded.paths['/v1/topics/{id}/messages'].post.requestBody.content['application/json'];
    expect(message.schema.properties.audience.items.anyOf[0].enum).toEqual(KNOWN.par);
    const query = seeded.paths['/v1/deliveries'].get.parameters;
    const byName = (name: string) => query.find((one: { name: string }) => one.name === name);
    expect(byName('subscriptionId').schema.anyOf[0].enum).toEqual(KNOWN.sub);
  });

  it('leaves the document as it is where no id is known', () => {
    const sessions = { ...plain.paths?.['/v1/auth/sessions'] };
    delete sessions.delete; // ends the session of who tries it
    const paths = { ...plain.paths, '/v1/auth/sessions': sessions };
    expect(withKnownIds(plain, {})).toEqual({ ...plain, paths });
  });
});

describe('the places of ids', () => {
  it('every parameter of a path is one of a known kind', () => {
    for (const { path } of ALL_ROUTES) {
      for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
        expect(prefixInPath(path, name), path).toBeDefined();
      }
    }
  });

  it('each names the id it is asked for, and no parameter is left open', () => {
    for (const place of PLACES) {
      const { path, body } = place.request('an-id', {
        topicId: 'own-topic',
        messageId: 'own-message',
        partnerId: 'own-partner',
      });
      expect(path + JSON.stringify(body ?? ''), place.title).toContain('an-id');
      expect(path, place.title).not.toMatch(/[{}]/);
    }
  });

  it('are there for every route that takes an id in its path', () => {
    const covered = new Set(PLACES.map(({ contract }) => contract.id));
    const withId = ALL_ROUTES.filter(({ path }) => path.includes('{')).map(({ id }) => id);
    expect(withId.filter((id) => !covered.has(id))).toEqual([]);
  });
});

it('unknownLike() gives an id of the same form that is another', () => {
  expect(unknownLike('top_01m85yb2961e1xtj6t000000')).toBe('top_01m85yb2961e1xtj6t111111');
  expect(unknownLike('top_01m85yb2961e1xtj6t9mn6zf')).toBe('top_01m85yb2961e1xtj6t000000');
});
