import { Controller, Get, Module } from '@nestjs/common';
import { UsersClient, UsersClientModule } from '@bff/clients';
import { AnswerWithin } from '@bff/gateway';
import { until } from '@bff/testing';
import { defineView, Renders, required } from '@bff/views';
import { mobileBff } from 'mobile-bff';
import { z } from 'zod';
import { type Bff, startBff, startWebBff } from '../world/bff.js';

const One = defineView('One', { user: required(z.object({ id: z.string() })) });

@Controller('slow')
class SlowController {
  constructor(private readonly users: UsersClient) {}

  @Get()
  @AnswerWithin(150)
  @Renders(One)
  one() {
    return One.load({ user: () => this.users.get('7') });
  }
}

@Module({ imports: [UsersClientModule], controllers: [SlowController] })
class SlowModule {}

let bff: Bff;
beforeEach(async () => {
  bff = await startWebBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

test('a caller who waits less long than the gateway would is answered in his time, and the call is given up', async () => {
  await bff.users.fails({ as: 'hanging' });
  const startedMs = performance.now();
  const answer = await bff.ada.get('/api/dashboard', { headers: { 'x-timeout-ms': '200' } });
  expect(performance.now() - startedMs).toBeLessThan(700);
  expect(answer).toMatchObject({ status: 504, body: { type: 'urn:bff:upstream_timeout' } });
  expect(Number(bff.users.calls[0]?.headers['x-deadline-ms'])).toBeLessThanOrEqual(200);
  await until('the service sees the end of the call', () => bff.users.calls[0]?.aborted);
});

test('a caller cannot ask for more time than the gateway gives', async () => {
  await bff.ada.get('/api/dashboard', { headers: { 'x-timeout-ms': '600000' } });
  expect(Number(bff.users.calls[0]?.headers['x-deadline-ms'])).toBeLessThanOrEqual(1_500);
});

test.each(['0', '-1', '1.5', 'soon', '1e3', '', '99999999999'])(
  'X-Timeout-Ms: "%s" is no time, and told so',
  async (value) => {
    const answer = await bff.ada.get('/api/dashboard', { headers: { 'x-timeout-ms': value } });
    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'urn:bff:malformed_request', detail: expect.stringContaining('X-Timeout-Ms') },
    });
    expect(bff.users.calls).toHaveLength(0);
  },
);

test('calls of a batch have no more time than the batch', async () => {
  await using mobile = await startBff(mobileBff);
  const call = { method: 'GET', path: '/v1/home' };
  await mobile.ada.post('/v1/batch', { calls: [call] }, { headers: { 'x-timeout-ms': '300' } });
  expect(Number(mobile.users.calls[0]?.headers['x-deadline-ms'])).toBeLessThanOrEqual(300);
});

test('a route may have a deadline of its own', async () => {
  await using slow = await startBff({ ...mobileBff, module: SlowModule });
  await slow.users.fails({ as: 'hanging' });
  const startedMs = performance.now();
  expect((await slow.ada.get('/slow')).status).toBe(504);
  expect(performance.now() - startedMs).toBeLessThan(650);
  expect(Number(slow.users.calls[0]?.headers['x-deadline-ms'])).toBeLessThanOrEqual(150);
});

test('when a required section fails, the calls of its siblings end', async () => {
  await bff.orders.fails({ as: 'hanging' });
  await bff.users.fails({ as: 'status', status: 500 });
  const startedMs = performance.now();
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer).toMatchObject({ status: 502, body: { type: 'urn:bff:upstream_bad_response' } });
  expect(performance.now() - startedMs).toBeLessThan(1_000);
  await until('the orders are given up', () => bff.orders.calls[0]?.aborted);
  const { body } = await bff.management.get('/upstreams');
  expect(body).toContainEqual(
    expect.objectContaining({
      name: 'orders',
      circuit: 'closed',
      calls: expect.objectContaining({ abandoned: 1 }),
    }),
  );
});
