import { LargeBodies } from '../world/large-bodies.js';

const mebibyte = 1_048_576;
const fiveGigabytes = 5_000_000_000;
const limitMs = 5 * 60_000;

describe('an answer and a request of 5 GB', () => {
  let world: LargeBodies;
  beforeAll(async () => {
    world = await LargeBodies.start({ maxBody: '5GiB', upload: { timeout: '10m' } });
    await world.download(256 * mebibyte, 0);
    await world.upload(256 * mebibyte, 0);
  }, 60_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  test.each(['download', 'upload'] as const)(
    '%s: every byte arrives, and the gateway has less than 96 MiB more than before',
    async (way) => {
      const startMs = performance.now();
      const growth = await world.growthDuring(() => world[way](fiveGigabytes, 0));
      const seconds = (performance.now() - startMs) / 1_000;
      process.stdout.write(
        `${way} of 5 GB: ${seconds.toFixed(0)} s, ${(growth / mebibyte).toFixed(0)} MiB more at most\n`,
      );
      expect(growth).toBeLessThan(96 * mebibyte);
    },
    limitMs,
  );
});
