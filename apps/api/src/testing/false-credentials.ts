import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { SCOPES } from '@anika/core/access';
import { secretContext } from '@anika/core/secret-context';
import { createSecretBox, parseSecretKeys } from '@anika/runtime/secret-box';
import { connectPostgres } from '@anika/stores/postgres/client';
import { createSigningKeyStore } from '@anika/stores/postgres/signing-keys';
import { eventually } from '@anika/testkit/eventually';
import jsonwebtoken from 'jsonwebtoken';
import type { TestApi } from './test-api.ts';
import { settingsFor, type TestPartner } from './test-client.ts';

type Claims = Readonly<Record<string, unknown>>;
type Header = Readonly<Record<string, unknown>>;
type Signer = (input: string) => string;

/** How a request says who it is: whole header lines, since not all of them are bearer tokens. */
export type Presented = Readonly<Record<string, string>>;
/** Made from a token that the route would take. */
export type Falsify = (token: string) => Presented;

export type Forge = {
  /** A token as the API itself would sign it, but for these changes. */
  (token: string, claims: Claims, header?: Header): string;
  readonly publicKey: KeyObject;
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const bearer = (token: string): Presented => ({ authorization: `Bearer ${token}` });

function decode(token: string): { header: Header; claims: Claims } {
  const decoded = jsonwebtoken.decode(token, { complete: true });
  if (decoded === null || typeof decoded.payload === 'string') throw new Error('not an access token');
  return { header: { ...decoded.header }, claims: decoded.payload };
}

/** Written by hand: the library would refuse to sign much of this. */
function compose(header: Header, claims: Claims, signer: Signer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signer(input)}`;
}

/** Signs with the API's own private key: what is wrong with the token is then only what was changed. */
export async function openForge(api: TestApi): Promise<Forge> {
  const settings = settingsFor(api.databases);
  const keys = parseSecretKeys(settings.ANIKA_SECRET_KEYS ?? '');
  const postgres = connectPostgres({ url: api.databases.databaseUrl });
  const [stored] = await createSigningKeyStore(postgres).list();
  await postgres.close();
  if (stored === undefined || keys === undefined) throw new Error('the API has no signing key');
  const pem = createSecretBox(keys).open(stored.sealedPrivateKey, secretContext.signingKey(stored.kid));
  const privateKey = createPrivateKey(pem);
  const forge = (token: string, claims: Claims, header: Header = {}) => {
    const before = decode(token);
    const signer = (input: string) =>
      sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      );
    return compose({ ...before.header, ...header }, { ...before.claims, ...claims }, signer);
  };
  return Object.assign(forge, { publicKey: createPublicKey(privateKey) });
}

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** Well signed, and wrong in what they say. */
export function wronglyClaimed(forge: Forge, other: TestPartner): Readonly<Record<string, Falsify>> {
  const claims = (change: Claims) => (token: string) => bearer(forge(token, change));
  const header = (change: Header) => (token: string) => bearer(forge(token, {}, change));
  return {
    'expired a second ago': claims({ exp: nowSeconds() - 1 }),
    'expired long ago': claims({ iat: 1_500_000_000, exp: 1_500_000_900 }),
    'without an end': claims({ exp: undefined }),
    'with an end that is no number': claims({ exp: '9999999999' }),
    'not valid yet': claims({ nbf: nowSeconds() + 600 }),
    'of another issuer': claims({ iss: 'https://other.example' }),
    'of no issuer': claims({ iss: undefined }),
    'for another audience': claims({ aud: 'another-api' }),
    'for no audience': claims({ aud: undefined }),
    'for a sub that is not its user': claims({ sub: 'usr_01kb3v6m0eqx4tq2h7s9d5c8fz' }),
    'of a user that does not exist': claims({
      sub: 'usr_01kb3v6m0eqx4tq2h7s9d5c8fz',
      user_id: 'usr_01kb3v6m0eqx4tq2h7s9d5c8fz',
    }),
    'of another partner than its user': claims({ partner_id: other.id }),
    'of an object for a user': claims({ sub: { $gt: '' }, user_id: { $gt: '' } }),
    'of an id of SQL': claims({ sub: "usr_' or 1=1 --", user_id: "usr_' or 1=1 --" }),
    'of another type (JWT)': header({ typ: 'JWT' }),
    'of another type (id token)': header({ typ: 'id+jwt' }),
    'without a type': header({ typ: undefined }),
    'without a kid': header({ kid: undefined }),
    'with an unknown kid': header({ kid: 'unknown' }),
    'with a kid that is a path': header({ kid: '../../../dev/null' }),
    'with a kid of SQL': header({ kid: "x' union select 'secret" }),
    'with a kid of an object': header({ kid: { toString: 'x' } }),
    'with an algorithm it was not signed by': header({ alg: 'ES384' }),
  };
}

/** Not signed by the API's private key, or changed after it was. */
export function wronglySigned(forge: Forge): Readonly<Record<string, Falsify>> {
  const parts = (token: string) => token.split('.') as [string, string, string];
  const unsigned =
    (alg: string, signature = '') =>
    (token: string) => {
      const { header, claims } = decode(token);
      return bearer(compose({ ...header, alg }, claims, () => signature));
    };
  const hmac = (secret: string | Buffer) => (token: string) => {
    const { header, claims } = decode(token);
    const signer = (input: string) => createHmac('sha256', secret).update(input).digest('base64url');
    return bearer(compose({ ...header, alg: 'HS256' }, claims, signer));
  };
  const changed = (change: Claims) => (token: string) => {
    const [header, , signature] = parts(token);
    return bearer(`${header}.${encode({ ...decode(token).claims, ...change })}.${signature}`);
  };
  const resigned = (signature: (given: string) => string) => (token: string) => {
    const [header, payload, given] = parts(token);
    return bearer(`${header}.${payload}.${signature(given)}`);
  };
  const { publicKey } = forge;
  return {
    'with alg none': unsigned('none'),
    'with alg None': unsigned('None'),
    'with alg NONE and a signature': unsigned('NONE', 'AAAA'),
    'with alg none and a good signature': (token) => unsigned('none', parts(token)[2])(token),
    'with HS256 and the public key (PEM) as its secret': hmac(
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ),
    'with HS256 and the public key (DER) as its secret': hmac(
      publicKey.export({ type: 'spki', format: 'der' }),
    ),
    'with HS256 and the public key (JWK) as its secret': hmac(
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ),
    'with HS256 and an empty secret': hmac(''),
    'changed to an operator': changed({ role: 'operator', partner_id: null, jti: 'another' }),
    'changed to last longer': changed({ exp: nowSeconds() + 1_000_000 }),
    'without its signature': resigned(() => ''),
    'with zeros for a signature': resigned(() => Buffer.alloc(64).toString('base64url')),
    'with half its signature': resigned((given) => given.slice(0, 43)),
    'with a longer signature': resigned((given) => `${given}AA`),
    'with a signature in DER': resigned((given) =>
      derOf(Buffer.from(given, 'base64url')).toString('base64url'),
    ),
    'with a payload that is no JSON': (token) => bearer(`${encode({ typ: 'JWT' })}.AAAA.${parts(token)[2]}`),
    'with a header that is no object': (token) =>
      bearer(`${encode(null)}.${parts(token)[1]}.${parts(token)[2]}`),
    'with two payloads': (token) => bearer(`${token}.${parts(token)[1]}`),
  };
}

/** The other form of an ECDSA signature, which JSON Web Signatures do not use (RFC 7518 §3.4). */
function derOf(signature: Buffer): Buffer {
  // A zero before each number keeps it positive.
  const integer = (bytes: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), bytes]);
  return Buffer.concat([
    Buffer.from([0x30, 70]),
    integer(signature.subarray(0, 32)),
    integer(signature.subarray(32)),
  ]);
}

/** A good token, but not where or how one is given. */
export const WRONGLY_GIVEN: Readonly<Record<string, Falsify>> = {
  'a token of another scheme': (token) => ({ authorization: `Basic ${token}` }),
  'a token without a scheme': (token) => ({ authorization: token }),
  'a token twice': (token) => ({ authorization: `Bearer ${token}, Bearer ${token}` }),
  'a token as a user and password': (token) => ({
    authorization: `Basic ${Buffer.from(`token:${token}`).toString('base64')}`,
  }),
  'a token in a cookie': (token) => ({ cookie: `anika=${token}; access_token=${token}; session=${token}` }),
  'a token in other headers': (token) => ({
    'x-access-token': token,
    'x-api-key': token,
    'proxy-authorization': `Bearer ${token}`,
  }),
  'the headers of a gateway': (token) => {
    const { user_id, partner_id } = decode(token).claims;
    return { 'x-user-id': String(user_id), 'x-partner-id': String(partner_id), 'x-forwarded-user': 'admin' };
  },
  'a token that is too long': (token) => bearer(token + 'A'.repeat(4096)),
  'a token in quotes': (token) => bearer(`"${token}"`),
};

/** Credentials that were good once. They are refused on routes of whatever role. */
export async function endedCredentials(api: TestApi): Promise<Readonly<Record<string, Presented>>> {
  const [suspended, partner] = [await api.createPartner(), await api.createPartner()];
  const keyOf = async (more: object = {}) => {
    const body = { name: 'ключ', scopes: SCOPES, ...more };
    return (await api.call('POST', '/v1/api-keys', { token: partner.token, body })).body;
  };
  const [revoked, expired] = [
    await keyOf(),
    await keyOf({ expiresAt: new Date(Date.now() + 400).toISOString() }),
  ];
  const login = { email: partner.adminEmail, password: 'correct horse battery' };
  const { refreshToken } = (await api.call('POST', '/v1/auth/login', { body: login })).body;
  const ended: Record<string, string> = {
    "a suspended partner's token": suspended.token,
    "a suspended partner's key": await suspended.apiKey(SCOPES),
    "a removed user's token": await partner.userToken('admin'),
    'a revoked key': revoked.key,
    'an expired key': expired.key,
  };
  const me = (token = '') => api.call('GET', '/v1/auth/me', { token });
  for (const token of Object.values(ended)) {
    const { status } = await me(token);
    if (status !== 200 && token !== expired.key) throw new Error(`it answered ${status} before its end`);
  }
  const { userId } = (await me(ended["a removed user's token"])).body;
  const removal = { token: partner.token };
  await api.call('DELETE', `/v1/users/${userId}`, removal);
  await api.call('DELETE', `/v1/api-keys/${revoked.id}`, removal);
  const suspension = { token: api.operatorToken, body: { status: 'suspended' } };
  await api.call('PATCH', `/v1/partners/${suspended.id}`, suspension);
  for (const token of Object.values(ended)) await eventually(async () => (await me(token)).status === 401);
  const others = {
    'a refresh token': refreshToken,
    'a key without its last character': (await partner.apiKey()).slice(0, -1),
    'a prefix of a key alone': 'ank_',
  };
  return Object.fromEntries(
    Object.entries({ ...ended, ...others }).map(([name, token]) => [name, bearer(token)]),
  );
}
