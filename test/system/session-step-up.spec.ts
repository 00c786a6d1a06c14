import { Controller, Get, Module } from '@nestjs/common';
import { StepUp } from '@bff/auth';
import { UsersClient, UsersClientModule } from '@bff/clients';
import { defineView, Renders, required } from '@bff/views';
import { webBff } from 'web-bff';
import { z } from 'zod';
import { countCalls } from '../world/services.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { passTime, restoreDate } from '../world/set-date.js';
import { cookieNames, type Visitor } from '../world/visitor.js';

const Vault = defineView('Vault', { owner: required(z.object({ name: z.string() })) });
const acrValues = ['urn:two-factors', 'urn:hardware-key'];

@Controller('vault')
class VaultController {
  constructor(private readonly users: UsersClient) {}

  @Get()
  @StepUp({ acrValues })
  @Renders(Vault)
  open() {
    return Vault.load({ owner: () => this.users.get('7') });
  }

  @Get('lately')
  @StepUp({ maxAgeSeconds: 60 })
  @Renders(Vault)
  openLately() {
    return Vault.load({ owner: () => this.users.get('7') });
  }

  @Get('both')
  @StepUp({ acrValues, maxAgeSeconds: 60 })
  @Renders(Vault)
  openBoth() {
    return Vault.load({ owner: () => this.users.get('7') });
  }
}

@Module({ imports: [UsersClientModule], controllers: [VaultController] })
class VaultModule {}

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld({ definition: { ...webBff, module: VaultModule } });
});
afterEach(() => {
  restoreDate();
  world.provider.lies = {};
  world.provider.isSignedIn = true;
});
afterAll(() => world?.[Symbol.asyncDispose]());

const statusOf = async (visitor: Visitor, path: string): Promise<number> => (await visitor.get(path)).status;
/** What is to be asked of the sign-in, as the answer tells it. */
async function challengeOf(visitor: Visitor, path: string): Promise<string> {
  const { status, headers } = await visitor.get(path);
  expect(status).toBe(401);
  return String(headers['www-authenticate']);
}
const loginFor = (challenge: string): string =>
  ['acr_values', 'max_age']
    .flatMap((name) => {
      const [, value] = new RegExp(`${name}="([^"]*)"`).exec(challenge) ?? [];
      return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
    })
    .join('&');

test('a route that wants more than a sign-in says what, calls nobody, and leaves the session as it is', async () => {
  const visitor = await world.signedIn();
  const before = countCalls(world);
  const answer = await visitor.get('/vault/both');
  expect([answer.status, answer.headers['content-type']]).toEqual([401, 'application/problem+json']);
  expect(answer.headers['www-authenticate']).toBe(
    'Bearer realm="bff", error="insufficient_user_authentication", ' +
      'acr_values="urn:two-factors urn:hardware-key", max_age="60"',
  );
  expect(answer.body).toMatchObject({ type: 'urn:bff:step_up_required' });
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(countCalls(world)).toBe(before);
  expect(await statusOf(visitor, '/bff/user')).toBe(200);
});

test('after the sign-in that was asked for it opens, under a new id; the old one is dead', async () => {
  const visitor = await world.signedIn();
  const old = world.visitor();
  old.cookies.set(cookieNames.session, visitor.session ?? '');
  const challenge = await challengeOf(visitor, '/vault');
  const answer = await visitor.signIn(`${loginFor(challenge)}&returnUrl=/vault`);
  expect(answer.headers['location']).toBe('/bff/signed-in?returnUrl=%2Fvault');
  expect(await statusOf(visitor, '/vault')).toBe(200);
  expect([await statusOf(old, '/vault'), await statusOf(old, '/bff/user')]).toEqual([401, 401]);
  expect(old.session).not.toBe(visitor.session);
});

test('any of the classes will do, and no other', async () => {
  for (const [acr, status] of [
    ['urn:hardware-key', 200],
    ['urn:two-factors', 200],
    ['urn:two-factors2', 401],
    ['URN:TWO-FACTORS', 401],
    ['urn:password', 401],
  ] as const)
    expect([acr, await statusOf(await world.signedIn(`acr_values=${acr}`), '/vault')]).toEqual([acr, status]);
});

describe('where it is written down which class is stronger than which', () => {
  let ordered: SessionWorld;
  beforeAll(async () => {
    ordered = await startSessionWorld({
      definition: { ...webBff, module: VaultModule },
      session: { acr: ['urn:password', 'urn:two-factors', 'urn:biometrics'] },
    });
  });
  afterAll(() => ordered?.[Symbol.asyncDispose]());
  afterEach(() => {
    ordered.provider.lies = {};
  });

  test('a session of a stronger class opens what asks for a weaker one, and one of a weaker does not', async () => {
    for (const [acr, status] of [
      ['urn:biometrics', 200],
      ['urn:two-factors', 200],
      ['urn:hardware-key', 200],
      ['urn:password', 401],
      ['urn:unknown', 401],
    ] as const)
      expect([acr, await statusOf(await ordered.signedIn(`acr_values=${acr}`), '/vault')]).toEqual([
        acr,
        status,
      ]);
  });

  test('so does a provider that signs in by more than was asked for; by less is refused as ever', async () => {
    const visitor = await ordered.signedIn();
    const { keys } = ordered.provider;
    for (const [acr, status] of [
      ['urn:password', 400],
      ['urn:unknown', 400],
      [undefined, 400],
      ['urn:biometrics', 303],
    ] as const) {
      ordered.provider.lies = { idToken: (claims) => keys.sign({ ...claims, acr }) };
      const answer = await visitor.signIn(loginFor(await challengeOf(visitor, '/vault')));
      expect([acr, answer.status]).toEqual([acr, status]);
    }
    expect(await statusOf(visitor, '/vault')).toBe(200);
  });
});

test('a provider that signs in by less is not enough: the session before stays, and the route closed', async () => {
  const visitor = await world.signedIn();
  const { session } = visitor;
  const { keys } = world.provider;
  for (const acr of [
    undefined,
    '',
    'urn:password',
    ['urn:two-factors'],
    'urn:two-factors urn:hardware-key',
  ]) {
    world.provider.lies = { idToken: (claims) => keys.sign({ ...claims, acr }) };
    const answer = await visitor.signIn(loginFor(await challengeOf(visitor, '/vault')));
    expect([acr, answer.status]).toEqual([acr, 400]);
    expect(visitor.session).toBe(session);
  }
  expect(await statusOf(visitor, '/bff/user')).toBe(200);
});

test('what was shown too long ago has to be shown again', async () => {
  const visitor = await world.signedIn();
  expect(await statusOf(visitor, '/vault/lately')).toBe(200);
  passTime(61_000);
  const challenge = await challengeOf(visitor, '/vault/lately');
  expect(challenge).toBe('Bearer realm="bff", error="insufficient_user_authentication", max_age="60"');
  expect((await visitor.signIn(loginFor(challenge))).status).toBe(303);
  expect(await statusOf(visitor, '/vault/lately')).toBe(200);
});

test('a refresh of tokens shows nothing anew, and takes nothing away', async () => {
  const visitor = await world.signedIn('acr_values=urn:two-factors');
  passTime(700_000);
  const before = world.provider.count('token', 'refresh_token');
  expect(await statusOf(visitor, '/vault')).toBe(200);
  expect(world.provider.count('token', 'refresh_token')).toBe(before + 1);
  expect(await statusOf(visitor, '/vault/lately')).toBe(401);
});

test('where nothing can be asked of the user, everything stays as it is', async () => {
  const visitor = await world.signedIn();
  const { session } = visitor;
  world.provider.isSignedIn = false;
  const { headers } = await visitor.signIn('prompt=none&acr_values=urn:two-factors&returnUrl=/vault');
  expect(decodeURIComponent(String(headers['location']))).toContain('/vault?sign_in=login_required');
  expect([visitor.session, await statusOf(visitor, '/vault')]).toEqual([session, 401]);
});

test('a stranger is asked to sign in at all', async () => {
  const answer = await world.visitor().get('/vault');
  expect([answer.status, answer.body]).toMatchObject([401, { type: 'urn:bff:unauthenticated' }]);
});
