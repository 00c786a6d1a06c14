import { createOidcStorage } from './oidc-storage.js';

test('what was used is refused a second time, with all that came of its grant', async () => {
  const { adapter } = createOidcStorage();
  const [tokens, codes] = [adapter('RefreshToken'), adapter('AuthorizationCode')];
  await tokens.upsert('one', { grantId: 'grant' }, 60);
  await codes.upsert('two', { grantId: 'grant' }, 60);
  await codes.upsert('other', { grantId: 'other' }, 60);

  await tokens.consume('one');
  await expect(tokens.consume('one')).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await Promise.all([tokens.find('one'), codes.find('two'), codes.find('other')])).toEqual([
    undefined,
    undefined,
    { grantId: 'other' },
  ]);
});

test('the sessions of an account are told from those of others', async () => {
  const { adapter, sessionIdsOf } = createOidcStorage();
  await adapter('Session').upsert('one', { accountId: '7' }, 60);
  await adapter('Session').upsert('two', { accountId: '8' }, 60);
  await adapter('Session').upsert('three', { accountId: '7' }, 60);
  await adapter('Grant').upsert('four', { accountId: '7' }, 60);
  expect([sessionIdsOf('7'), sessionIdsOf('9')]).toEqual([['one', 'three'], []]);
});
