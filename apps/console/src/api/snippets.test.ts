import { changePassword } from '@anika/contracts/auth';
import { listDeliveries } from '@anika/contracts/deliveries';
import { createInvitation } from '@anika/contracts/invitations';
import { publishMessage } from '@anika/contracts/publish';
import { createSubscription } from '@anika/contracts/subscriptions';
import { beginTotp, confirmTotp, endTotp, renewRecoveryCodes } from '@anika/contracts/totp';
import { JsonText } from '@anika/core/exact-json';
import { describe, expect, it } from 'vitest';
import { apiCall, curlOf, typescriptOf } from './snippets.ts';

const BASE = 'https://anika.example';
const topicId = `top_${'1'.repeat(26)}`;

describe('curlOf()', () => {
  it('has the ids and what is narrowed by, and a variable for the key', () => {
    const call = apiCall(listDeliveries, { query: { limit: 50, topicId, state: 'dead' } });
    expect(curlOf(call, BASE)).toBe(
      [
        `curl '${BASE}/v1/deliveries?limit=50&topicId=${topicId}&state=dead' \\`,
        '  -H "Authorization: Bearer $ANIKA_KEY"',
      ].join('\n'),
    );
  });

  it('quotes what a shell would read, and keeps every digit', () => {
    const data = new JsonText('{"name":"O\'Neill $(rm)","sum":12345678901234567890}');
    const curl = curlOf(
      apiCall(publishMessage, { params: { id: topicId }, body: { type: 'a', data } }),
      BASE,
    );
    expect(curl).toContain('-X POST');
    expect(curl).toContain(String.raw`O'\''Neill $(rm)`);
    expect(curl).toContain('"sum": 12345678901234567890');
  });

  it('takes a token where no key may', () => {
    const call = apiCall(createInvitation, { body: { email: 'olga@dealer.test', role: 'viewer' } });
    expect(curlOf(call, BASE)).toContain('$ANIKA_TOKEN');
  });
});

describe('typescriptOf()', () => {
  it('writes an object where that keeps every digit, else the text', () => {
    const of = (data: string) =>
      typescriptOf(
        apiCall(publishMessage, { params: { id: topicId }, body: { type: 'a', data: new JsonText(data) } }),
        BASE,
      );
    expect(of('{"sum":1.5}')).toContain('body: JSON.stringify({');
    expect(of('12345678901234567890')).toContain(`body: '{"type":"a","data":12345678901234567890}'`);
  });
});

const SECRET = 'of-your-own';

it.each([
  apiCall(createSubscription, {
    body: { topicId, url: 'https://bank.example/anika', secret: SECRET, headers: { 'X-Token': SECRET } },
  }),
  apiCall(changePassword, { body: { currentPassword: SECRET, newPassword: SECRET } }),
  apiCall(beginTotp, { body: { password: SECRET } }),
  apiCall(confirmTotp, { body: { code: SECRET } }),
  apiCall(renewRecoveryCodes, { body: { code: SECRET } }),
  apiCall(renewRecoveryCodes, { body: { recoveryCode: SECRET } }),
  apiCall(endTotp, { body: { password: SECRET } }),
])('no snippet of $route.id has a secret, and each says where one belongs', (call) => {
  for (const text of [curlOf(call, BASE), typescriptOf(call, BASE)]) {
    expect(text).toContain('…');
    expect(text).not.toContain(SECRET);
  }
});
