import { HandlerFake } from '@bff/testing';
import { webBff } from 'web-bff';
import { type Bff, startBff } from '../world/bff.js';
import { meModule } from '../world/me-view.js';

/** A user service whose answers may be kept for that long, and are then asked for again by their ETag. */
async function open(maxAgeSeconds: number) {
  const asked: (string | undefined)[] = [];
  const service = await HandlerFake.start((request, response) => {
    const tag = request.headers['if-none-match'];
    asked.push(tag);
    response.setHeader('etag', '"v1"').setHeader('cache-control', `max-age=${maxAgeSeconds}`);
    if (tag === '"v1"') return void response.writeHead(304).end();
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ id: '7', name: `Ada ${String(request.headers['x-user-id'])}`, email: 'a@b.c' }),
    );
  });
  const bff: Bff = await startBff(
    { ...webBff, module: meModule(), methods: ['bearer'] },
    { USERS_URL: service.url },
  );
  return {
    asked,
    bff,
    [Symbol.asyncDispose]: async () => {
      await bff[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

test('a view whose sections are all in the cache is a 304 without a call', async () => {
  await using world = await open(60);
  const first = await world.bff.ada.get('/me');
  const etag = String(first.headers['etag']);
  const again = await world.bff.ada.get('/me', { headers: { 'if-none-match': etag } });
  expect(again).toMatchObject({ status: 304, text: '' });
  expect(world.asked).toEqual([undefined]);
});

test('what is no longer fresh costs one conditional call, and nothing of somebody else’s is used', async () => {
  await using world = await open(0);
  const first = await world.bff.ada.get('/me');
  const headers = { 'if-none-match': String(first.headers['etag']) };
  expect((await world.bff.ada.get('/me', { headers })).status).toBe(304);
  expect(world.asked).toEqual([undefined, '"v1"']);
  const charles = await world.bff.with({ subject: '8' });
  const other = await charles.get('/me', { headers });
  expect(other).toMatchObject({ status: 200, body: { user: { name: 'Ada 8' } } });
  expect(world.asked).toEqual([undefined, '"v1"', undefined]);
});
