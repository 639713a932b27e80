import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeWorld, createWorld, newTopic, type World } from '../testing/world.ts';

let world: World;
let key: string;

beforeAll(async () => {
  world = await createWorld();
  key = await world.owner.apiKey(['grants']);
});
afterAll(() => closeWorld(world));

const call = (method: string, path: string, body?: object, token = key) =>
  world.api.call(method, path, { token, body });

async function requested(): Promise<{ id: string; topicId: string }> {
  const topicId = await newTopic(world.api, world.owner.token, 'listed');
  const path = `/v1/topics/${topicId}/access-requests`;
  const { body } = await call('POST', path, { purpose: 'Предложить кредит' }, world.stranger.token);
  return { id: body.id, topicId };
}

describe('a key with the scope "grants"', () => {
  it('gives, previews, changes and ends a grant of an own topic, and is named in both logs', async () => {
    const { api, owner, stranger } = world;
    const topicId = await newTopic(api, owner.token);
    const path = `/v1/topics/${topicId}/grants/${stranger.id}`;
    expect((await call('POST', `${path}/preview`, {})).status).toBe(200);
    expect(await call('PUT', path, {})).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await call('PUT', path, { types: ['car.chosen'] })).toMatchObject({ body: { version: 2 } });
    expect((await call('POST', `${path}/resend`, {})).status).toBe(202);
    expect((await call('DELETE', path)).status).toBe(204);
    const { body } = await call('GET', `/v1/audit?topicId=${topicId}`, undefined, owner.token);
    const grants = body.items.filter(({ action }: { action: string }) => action.startsWith('grant.'));
    expect(grants.length).toBeGreaterThanOrEqual(3);
    for (const { actorId } of grants) expect(actorId).toMatch(/^key_/);
  });

  it('approves and refuses requests for own topics', async () => {
    const [first, second] = [await requested(), await requested()];
    expect(await call('POST', `/v1/access-requests/${first.id}/approve`, {})).toMatchObject({
      status: 200,
      body: { state: 'approved', grant: { state: 'active' } },
    });
    const refusal = { reason: 'Не сейчас' };
    expect(await call('POST', `/v1/access-requests/${second.id}/refuse`, refusal)).toMatchObject({
      status: 200,
      body: { state: 'refused' },
    });
  });

  it('does nothing with the topics of others', async () => {
    const { topicId, stranger, reader } = world;
    const foreign = await reader.apiKey(['grants']);
    const path = `/v1/topics/${topicId}/grants/${stranger.id}`;
    expect((await call('PUT', path, {}, foreign)).status).toBe(403);
    expect((await call('DELETE', path, undefined, foreign)).status).toBe(403);
    const { id } = await requested();
    expect((await call('POST', `/v1/access-requests/${id}/approve`, {}, foreign)).status).toBe(404);
  });

  it('opens six routes, and no other that has a scope', () => {
    const opened = ALL_ROUTES.filter(({ access }) => access !== 'public' && access.scope === 'grants');
    expect(opened.map(({ id }) => id).sort()).toEqual([
      'approveAccessRequest',
      'deleteGrant',
      'previewGrant',
      'putGrant',
      'refuseAccessRequest',
      'resendCancelled',
    ]);
  });
});

describe('a key without it', () => {
  it.each([
    ['that names none', undefined],
    ['with all others', ['publish', 'read', 'manage', 'receive'] as const],
  ])('%s decides nothing about readers', async (_what, scopes) => {
    const other = await world.owner.apiKey(scopes);
    const path = `/v1/topics/${world.topicId}/grants/${world.stranger.id}`;
    expect(await call('PUT', path, {}, other)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('"grants"') },
    });
    const { id } = await requested();
    expect((await call('POST', `/v1/access-requests/${id}/approve`, {}, other)).status).toBe(403);
  });
});
