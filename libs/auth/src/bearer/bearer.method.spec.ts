import { later, openBearer } from './open-bearer.fixture.js';

const minuteMs = 60_000;

test('a caller is known once its token was verified, and no other', async () => {
  await using server = await openBearer();
  const [ada, ben] = [
    await server.issuer.mint({ subject: 'ada' }),
    await server.issuer.mint({ subject: 'ben' }),
  ];
  expect(await server.knows(ada)).toBe(false);
  expect((await server.identify(ada)).text).toBe('ada');
  expect([await server.knows(ada), await server.knows(ben)]).toEqual([true, false]);
});

test('it stays known when it is time to verify it again, until the token expires', async () => {
  await using server = await openBearer();
  const token = await server.issuer.mint({ subject: 'ada', expiresInSeconds: 1_200 });
  await server.identify(token);
  await later(10 * minuteMs, async () => expect(await server.knows(token)).toBe(true));
  await later(21 * minuteMs, async () => expect(await server.knows(token)).toBe(false));
});

test('it is not known any more when its token was refused the next time', async () => {
  await using server = await openBearer();
  const token = await server.issuer.mint({ subject: 'ada', expiresInSeconds: 1_200 });
  await server.identify(token);
  await later(30 * minuteMs, async () => expect((await server.identify(token)).status).toBe(401));
  expect(await server.knows(token)).toBe(false);
});

test('a request without the header is left to the other methods', async () => {
  await using server = await openBearer();
  expect(await server.ask('/', {})).toMatchObject({ status: 200, text: 'nobody' });
});
