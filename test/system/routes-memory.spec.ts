import { LargeBodies } from '../world/large-bodies.js';

const mebibyte = 1_048_576;
/** So long the slower side stands still. */
const stallMs = 1_500;

test('200 MiB down to a caller who stands still, and 100 MiB up to a service that does, cost less than 96 MiB of memory', async () => {
  await using world = await LargeBodies.start({ maxBody: '1GiB' });
  await world.download(32 * mebibyte, 0);
  await world.upload(32 * mebibyte, 0);
  const down = await world.growthDuring(() => world.download(200 * mebibyte, stallMs));
  const up = await world.growthDuring(() => world.upload(100 * mebibyte, stallMs));
  expect(down).toBeLessThan(96 * mebibyte);
  expect(up).toBeLessThan(96 * mebibyte);
}, 60_000);
