import { createHmac } from 'node:crypto';
import { HttpFake } from '@bff/testing';
import { TokenWorld } from '../world/token-world.js';

let world: TokenWorld;
/** What `jku` and `x5u` point at. */
let trap: HttpFake;
beforeAll(async () => {
  world = await TokenWorld.start();
  trap = await HttpFake.start(() => ({ keys: [world.keys.unpublished.jwk] }));
});
afterAll(async () => {
  await trap[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const pem = () => world.forge.key.publicKey.export({ type: 'spki', format: 'pem' });
const der = () => world.forge.key.publicKey.export({ type: 'spki', format: 'der' });
const hmac = (bits: number, secret: string | Buffer) => (signed: string) =>
  createHmac(`sha${bits}`, secret).update(signed).digest();

describe('refused: algorithms', () => {
  test.each(['none', 'None', 'NONE', 'nOnE'])(
    'alg "%s", without and with something like a signature',
    async (alg) => {
      for (const signature of ['', 'x', 'signature']) {
        const token = world.forge.token({ header: { alg }, signature: () => signature });
        await world.expectRefused(token);
      }
    },
  );

  test.each<[string, () => string | Buffer]>([
    ['as PEM', pem],
    ['as PEM without the last line break', () => pem().trim()],
    ['as DER', der],
    ['as base64 of DER', () => der().toString('base64')],
    ['as JWK', () => JSON.stringify(world.forge.key.jwk)],
    ['as its modulus', () => Buffer.from(String(world.forge.key.jwk.n), 'base64url')],
    ['left out', () => ''],
  ])('HMAC with our public key %s', async (_form, secret) => {
    for (const bits of [256, 384, 512]) {
      const token = world.forge.token({ header: { alg: `HS${bits}` }, signature: hmac(bits, secret()) });
      await world.expectRefused(token);
    }
  });

  test.each<[string, () => string]>([
    [
      'HS256 in lower case',
      () => world.forge.token({ header: { alg: 'hs256' }, signature: hmac(256, pem()) }),
    ],
    ['no alg', () => world.forge.token({ header: { alg: undefined } })],
    ['alg as an array', () => world.forge.token({ header: { alg: ['RS256'] } })],
    [
      'alg twice, the last one being none',
      () => world.forge.token({ rawHeader: '{"alg":"RS256","typ":"at+jwt","kid":"forge","alg":"none"}' }),
    ],
    [
      'a signature of zeros for ES256',
      () =>
        world.forge.token({
          key: world.keys.ec,
          header: { alg: 'ES256' },
          signature: () => Buffer.alloc(64),
        }),
    ],
    [
      'ES256 with a key on P-384',
      () => world.forge.token({ key: world.keys.ec384, header: { alg: 'ES256' } }),
    ],
    ['ES384 with a key on P-256', () => world.forge.token({ key: world.keys.ec, header: { alg: 'ES384' } })],
    ['RS256 with an RSA key of 1,024 bits', () => world.forge.token({ key: world.keys.weak })],
    ['RS256 with a key that is for RS512', () => world.forge.token({ key: world.keys.forRs512 })],
    ['PS256 with a key that is for RS256', () => world.forge.token({ header: { alg: 'PS256' } })],
    [
      'ES256 with an RSA key',
      () => world.forge.token({ header: { alg: 'ES256', kid: 'no-alg' }, key: world.keys.noAlg }),
    ],
  ])('%s', refusesToken);
});

describe('refused: keys', () => {
  test.each<[string, () => string]>([
    ['an unknown kid', () => world.forge.token({ header: { kid: 'unknown' } })],
    ['a key that was never published', () => world.forge.token({ key: world.keys.unpublished })],
    [
      'a kid of another key',
      () => world.forge.token({ key: world.keys.unpublished, header: { kid: 'forge' } }),
    ],
    ['a kid that is a path', () => world.forge.token({ header: { kid: '../../../../dev/null' } })],
    ['a kid that is SQL', () => world.forge.token({ header: { kid: "x' UNION SELECT 'secret" } })],
    ['a kid of 6,000 characters', () => world.forge.token({ header: { kid: 'k'.repeat(6_000) } })],
    ['a kid that every object has', () => world.forge.token({ header: { kid: '__proto__' } })],
    ['a numeric kid', () => world.forge.token({ header: { kid: 1 } })],
    ['no kid where there are several keys', () => world.forge.token({ header: { kid: undefined } })],
    ['an embedded jwk', () => own({ jwk: world.keys.unpublished.jwk })],
    ['an embedded jwk without a kid', () => own({ jwk: world.keys.unpublished.jwk, kid: undefined })],
    ['a jku', () => own({ jku: `${trap.url}/jwks` })],
    ['an x5u', () => own({ x5u: `${trap.url}/certificate` })],
    [
      'an x5c',
      () =>
        own({
          x5c: [world.keys.unpublished.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
        }),
    ],
  ])('%s', refusesToken);

  test.each<[string, () => Record<string, unknown>]>([
    ['jwk', () => ({ jwk: world.forge.key.jwk })],
    ['jku', () => ({ jku: `${trap.url}/jwks` })],
    ['x5u', () => ({ x5u: `${trap.url}/certificate` })],
    ['x5c', () => ({ x5c: ['MIIB'] })],
    ['an unknown crit', () => ({ crit: ['urn:unknown'], 'urn:unknown': true })],
    ['an empty crit', () => ({ crit: [] })],
    ['b64: false', () => ({ crit: ['b64'], b64: false })],
    ['b64: false that is not critical', () => ({ b64: false })],
    ['zip', () => ({ zip: 'DEF' })],
    ['enc', () => ({ enc: 'A256GCM' })],
  ])('%s in the header of a token that is well signed otherwise', (_what, header) =>
    refusesToken('', () => world.forge.token({ header: header() })),
  );

  afterAll(() => expect(trap.calls).toEqual([]));
});

/** Signed with a key of the attacker's own, under a header that would lead there. */
function own(header: Record<string, unknown>): string {
  return world.forge.token({ key: world.keys.unpublished, header });
}

function refusesToken(_what: string, token: () => string): Promise<void> {
  return world.expectRefused(token());
}
