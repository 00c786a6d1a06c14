import { DpopKey } from '@bff/testing';
import { CompactEncrypt } from 'jose';
import { encode, nowSeconds } from '../world/token-forge.js';
import { deep, TokenWorld } from '../world/token-world.js';

let world: TokenWorld;
beforeAll(async () => {
  world = await TokenWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('refused: kinds of tokens', () => {
  test.each([
    ['JWT'],
    ['jwt'],
    ['logout+jwt'],
    ['dpop+jwt'],
    ['id_token+jwt'],
    ['at+jwt '],
    ['x/at+jwt'],
    [''],
    [undefined],
    [null],
    [['at+jwt']],
  ])('the type %j', (typ) => refusesToken('', () => world.forge.token({ header: { typ } })));

  test.each<[string, () => object, () => object]>([
    [
      'an ID token',
      () => ({ typ: 'JWT' }),
      () => ({ aud: 'web-bff', nonce: 'n', at_hash: 'h', scope: undefined }),
    ],
    ['an ID token for us', () => ({ typ: 'JWT' }), () => ({ nonce: 'n', at_hash: 'h', scope: undefined })],
    [
      'a logout token',
      () => ({ typ: 'logout+jwt' }),
      () => ({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, scope: undefined }),
    ],
    ['a token of no type', () => ({ typ: undefined }), () => ({})],
  ])('%s', async (_what, header, claims) => {
    await world.expectRefused(world.forge.token({ header: { ...header() }, claims: { ...claims() } }));
  });

  test('a proof of possession', async () => {
    const key = await DpopKey.create();
    const url = `${world.bff.gateway.url}/api/dashboard`;
    const { url: iss, audience: aud } = world.bff.issuer;
    const claims = { iss, aud, sub: '7', exp: nowSeconds() + 60 };
    await world.expectRefused(await key.proof({ url, token: 'x', claims }));
  });

  test('a token that is bound to a key, which nobody checks here', async () => {
    const { jkt } = await DpopKey.create();
    await world.expectRefused(world.forge.token({ claims: { cnf: { jkt } } }));
  });

  test('an encrypted token', async () => {
    const token = await new CompactEncrypt(Buffer.from(world.forge.token()))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', typ: 'at+jwt', kid: 'forge', cty: 'JWT' })
      .encrypt(world.forge.key.publicKey);
    await world.expectRefused(token);
  });

  test('the JSON serialisation', async () => {
    const [header = '', payload = '', signature = ''] = world.forge.token().split('.');
    const flattened = JSON.stringify({ protected: header, payload, signature });
    const general = JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
    for (const token of [flattened, general, encode(flattened)]) await world.expectRefused(token);
  });
});

describe('refused: claims', () => {
  const claim = (name: string, value: unknown) => () => world.forge.token({ claims: { [name]: value } });
  /** As JSON text, for what JSON.stringify would not write. */
  const rawClaim = (name: string, text: string) => () => {
    const token = world.forge.token({ claims: { [name]: '@' } });
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    return world.forge.token({ payload: payload.replace('"@"', text) });
  };

  test.each<[string, () => string]>([
    ['expired 90 s ago', () => world.forge.token({ claims: { exp: nowSeconds() - 90 } })],
    ['expired 61 s ago', () => world.forge.token({ claims: { exp: nowSeconds() - 61 } })],
    ['expired in 1970', claim('exp', 0)],
    ['a negative exp', claim('exp', -1)],
    ['no exp', claim('exp', undefined)],
    ['exp null', claim('exp', null)],
    ['exp as text', () => world.forge.token({ claims: { exp: String(nowSeconds() + 600) } })],
    ['exp as a date', claim('exp', '2099-01-01T00:00:00Z')],
    ['exp "NaN"', claim('exp', 'NaN')],
    ['exp NaN', rawClaim('exp', 'NaN')],
    ['exp true', claim('exp', true)],
    ['exp as an array', () => world.forge.token({ claims: { exp: [nowSeconds() + 600] } })],
    ['exp 1e400', rawClaim('exp', '1e400')],
    ['exp 1e300', rawClaim('exp', '1e300')],
    ['not valid before 90 s from now', () => world.forge.token({ claims: { nbf: nowSeconds() + 90 } })],
    ['nbf as text', () => world.forge.token({ claims: { nbf: String(nowSeconds()) } })],
    ['issued 90 s from now', () => world.forge.token({ claims: { iat: nowSeconds() + 90 } })],
    ['iat as text', () => world.forge.token({ claims: { iat: String(nowSeconds()) } })],
    ['iat 1e400', rawClaim('iat', '1e400')],
    ['another audience', claim('aud', 'urn:other')],
    ['audiences without ours', claim('aud', ['urn:other', 'urn:bff'])],
    ['no audience', claim('aud', undefined)],
    ['an empty list of audiences', claim('aud', [])],
    ['ours as a part of the audience', claim('aud', 'urn:bff:test:more')],
    ['an audience as an object', claim('aud', { 0: 'urn:bff:test', length: 1 })],
    ['another issuer', claim('iss', 'https://evil.example')],
    ['our issuer with a slash', () => world.forge.token({ claims: { iss: `${world.bff.issuer.url}/` } })],
    ['our issuer in a list', () => world.forge.token({ claims: { iss: [world.bff.issuer.url] } })],
    ['no issuer', claim('iss', undefined)],
    ['no sub', claim('sub', undefined)],
    ['an empty sub', claim('sub', '')],
    ['sub null', claim('sub', null)],
    ['a numeric sub', claim('sub', 7)],
    ['sub in a list', claim('sub', ['7'])],
    ['a sub with a space', claim('sub', '7 8')],
    ['a blank sub', claim('sub', ' ')],
    ['a sub with a line break', claim('sub', '7\r\nx-user-id: 8')],
    ['a sub with a NUL', claim('sub', '7\u0000')],
    ['a sub that ends with a line break', claim('sub', '7\n')],
    ['a sub outside ASCII', claim('sub', '７')],
    ['a sub that looks like an API key', claim('sub', 'api-key:partner')],
    ['a sub of 256 characters', claim('sub', '7'.repeat(256))],
    ['scope as a list', claim('scope', ['orders:read', 'profile:read'])],
    ['scope as an object', claim('scope', { 'orders:read': true })],
    ['claims that are a list', () => world.forge.token({ payload: '[]' })],
    ['claims that are null', () => world.forge.token({ payload: 'null' })],
    ['claims that are text', () => world.forge.token({ payload: '"claims"' })],
    ['claims that are not JSON', () => world.forge.token({ payload: '{"sub":"7",' })],
    ['no claims at all', () => world.forge.token({ payload: '' })],
    ['1,500 nested arrays where the scope belongs', claim('scope', deep(1_500))],
    ['1,500 nested arrays in a claim that nobody reads', claim('more', deep(1_500))],
    ['1,500 nested objects', rawClaim('more', `${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}`)],
    ['1,500 nested arrays in its header', () => world.forge.token({ header: { more: deep(1_500) } })],
  ])('%s', refusesToken);
});

function refusesToken(_what: string, token: () => string): Promise<void> {
  return world.expectRefused(token());
}
