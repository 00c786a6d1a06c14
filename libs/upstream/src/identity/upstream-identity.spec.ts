import { type RequestContext, runInContext } from '@bff/context';
import { createContext } from '@bff/testing';
import { answerAda, openUsers } from '../http/open-users.fixture.js';
import type { Identities } from '../upstream-options.js';
import { tokenIdentity } from './upstream-identity.js';
import { type Protocol, protocols } from './told-services.fixture.js';

/** Vouches for callers with words that change from call to call, as signed ones do. */
function createIdentities(): Identities {
  let told = 0;
  return {
    caller: {
      keyOf: (context) => context?.caller?.id ?? '',
      headersOf: (context, upstream) => ({
        'x-user-id': context?.caller?.id ?? 'nobody',
        'x-identity-assertion': `${upstream} ${(told += 1)}`,
      }),
    },
    token: ({ caller }) => (caller === undefined ? undefined : `token-of-${caller.id}`),
  };
}

const as = (id: string): RequestContext => createContext({ caller: { id, scopes: new Set() } });

test.each(Object.entries(protocols))(
  'over %s a service is told who calls, in words that are for this service alone',
  async (_what, protocol: Protocol) => {
    await using service = await protocol('billing', createIdentities());
    await runInContext(as('7'), () => service.call());
    expect(service.told()).toMatchObject({ 'x-user-id': '7', 'x-identity-assertion': 'billing 1' });
  },
);

test('it is told as well that nobody calls, and outside of a request', async () => {
  await using users = await openUsers(answerAda, {}, createIdentities());
  await runInContext(createContext({ caller: undefined }), () => users.get());
  await users.get();
  expect(users.seen.map(({ headers }) => [headers['x-user-id'], headers['x-identity-assertion']])).toEqual([
    ['nobody', 'users 1'],
    ['nobody', 'users 2'],
  ]);
});

test('what is told changes, who calls does not: equal calls of one caller are still one', async () => {
  await using users = await openUsers(answerAda, {}, createIdentities());
  const ask = (id: string) => runInContext(as(id), () => users.get());
  await Promise.all([ask('7'), ask('7'), ask('8'), ask('7')]);
  expect(users.seen.map(({ headers }) => headers['x-user-id'])).toEqual(['7', '8']);
});

test('a fetched identity is waited for, and one that cannot be had fails the call as it says', async () => {
  const caller = { keyOf: () => '', headersOf: () => Promise.resolve({ 'x-user-id': '9' }) };
  await using users = await openUsers(answerAda, {}, { caller });
  await users.get();
  expect(users.seen[0]?.headers['x-user-id']).toBe('9');
  caller.headersOf = () => Promise.reject(new Error('no identity today'));
  await expect(users.get()).rejects.toThrow('no identity today');
});

test("the caller's own token is passed on, and callers with other tokens are others", () => {
  const identity = tokenIdentity(({ caller }) => (caller?.id === '7' ? 'a.b.c' : undefined));
  expect(identity.headersOf(as('7'))).toEqual({ authorization: 'Bearer a.b.c' });
  expect(identity.keyOf(as('7'))).toBe('a.b.c');
  for (const context of [as('8'), createContext({ caller: undefined }), undefined]) {
    expect(identity.headersOf(context)).toEqual({});
    expect(identity.keyOf(context)).toBe('');
  }
});
