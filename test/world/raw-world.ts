import { type Bff, startWebBff } from './bff.js';
import { exchange, type RawAnswer } from './raw-http.js';
import { countCalls } from './services.js';

/** A web-bff for a file of tests that send raw bytes, alive after each of them. */
export interface RawWorld {
  readonly bff: Bff;
  /** What an honest caller sends besides the oddity. */
  readonly usual: readonly string[];
}

/** Starts it before the tests of the calling file and closes it after them; its fields are there in tests only. */
export function useRawWorld(): RawWorld {
  const world: { bff?: Bff; usual?: readonly string[] } = {};
  beforeAll(async () => {
    world.bff = await startWebBff();
    world.usual = ['Host: bff.example', `Authorization: Bearer ${await world.bff.issuer.mint()}`];
  });
  afterEach(async () => {
    // Whatever was sent: the process is alive and serves the next one.
    expect((await world.bff?.ada.get('/api/orders'))?.status).toBe(200);
  });
  afterAll(() => world.bff?.[Symbol.asyncDispose]());
  return world as RawWorld;
}

export function expectProblem(answer: RawAnswer | undefined, status: number, code: string): void {
  expect(answer?.status).toBe(status);
  expect(answer?.headers['content-type']).toBe('application/problem+json');
  expect(answer?.headers['x-request-id']).toMatch(/^[\w.-]{1,128}$/);
  expect(answer?.body).toMatchObject({
    type: `urn:bff:${code}`,
    status,
    requestId: answer?.headers['x-request-id'],
  });
}

/** How often any service was called. */
export function upstreamCalls({ bff }: RawWorld): number {
  return countCalls(bff);
}

/** Refused with this problem, and no service heard of it. */
export async function expectRefused(
  world: RawWorld,
  bytes: string | Buffer,
  status: number,
  code: string,
): Promise<void> {
  const callsBefore = upstreamCalls(world);
  expectProblem(await exchange(world.bff.gateway.url, bytes), status, code);
  expect(upstreamCalls(world)).toBe(callsBefore);
}
