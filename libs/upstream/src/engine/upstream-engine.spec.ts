import { getEventListeners } from 'node:events';
import { Deadline, Ending, type RequestContext, runInContext } from '@bff/context';
import { CallerGoneError } from '@bff/problem';
import { callerIdentity } from '../identity/upstream-identity.js';
import { Targets } from '../targets/targets.js';
import type { Attempt } from './attempt.js';
import { readPolicy } from './open-engine.js';
import { UpstreamEngine } from './upstream-engine.js';
import { tellCaller } from '../identity/identities.fixture.js';

const context = (more: Partial<RequestContext> = {}): RequestContext => ({
  requestId: 'r-1',
  trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1, tracestate: 'x=1' },
  deadline: Deadline.after(10_000),
  ending: new Ending(),
  caller: { id: '7', scopes: new Set() },
  ...more,
});

const config = { url: '', timeoutMs: 200 };
const policy = readPolicy(config);
const upstream = new UpstreamEngine({
  name: 'orders',
  timeoutMs: config.timeoutMs,
  attemptTimeoutMs: undefined,
  policy,
  identity: callerIdentity('orders', tellCaller.caller),
  targets: new Targets({
    upstream: 'orders',
    endpoints: [{ tls: false, hostname: '127.0.0.1', port: 1 }],
    isResolved: true,
    open: () => ({ close: () => Promise.resolve() }),
    eject: policy.eject,
    dns: { refreshMs: 1_000, servers: [] },
    checkEveryMs: undefined,
    onEvent: () => undefined,
  }),
  onCircuit: () => undefined,
});
const engine = {
  call: <T>(send: (attempt: Attempt) => Promise<T>) =>
    upstream.call<T, T>({ safe: false, idempotent: false, send }, (answer) => answer),
};
const never = () => new Promise<never>(() => undefined);

test('a call carries request id, trace, identity and what time is left', async () => {
  const { headers } = await runInContext(context(), () => engine.call((attempt) => Promise.resolve(attempt)));
  expect(headers).toEqual({
    'x-request-id': 'r-1',
    traceparent: expect.stringMatching(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/),
    tracestate: 'x=1',
    'x-user-id': '7',
    'x-deadline-ms': expect.stringMatching(/^(200|1\d\d)$/),
  });
});

test('each call is a span of its own', async () => {
  const call = () =>
    runInContext(context(), () => engine.call(({ headers }) => Promise.resolve(headers['traceparent'])));
  expect(await call()).not.toBe(await call());
});

test('a call gets the lesser of its own limit and what remains of the deadline', async () => {
  const limitOf = (deadline: Deadline) =>
    runInContext(context({ deadline }), () => engine.call(({ timeoutMs }) => Promise.resolve(timeoutMs)));
  const own = await limitOf(Deadline.after(10_000));
  expect(own).toBeGreaterThan(100);
  expect(own).toBeLessThanOrEqual(200);
  const remaining = await limitOf(Deadline.after(100));
  expect(remaining).toBeGreaterThan(40);
  expect(remaining).toBeLessThanOrEqual(100);
});

test('when nothing remains, no call is made', async () => {
  let attempts = 0;
  const attempt = () => Promise.resolve((attempts += 1));
  const call = runInContext(context({ deadline: Deadline.after(0) }), () => engine.call(attempt));
  await expect(call).rejects.toMatchObject({ upstream: 'orders', reason: 'timeout' });
  expect(attempts).toBe(0);
});

test('a call that takes too long is aborted, and becomes a timeout whatever the protocol says about it', async () => {
  const call = runInContext(context({ deadline: Deadline.after(20) }), () => engine.call(never));
  await expect(call).rejects.toMatchObject({ upstream: 'orders', reason: 'timeout' });
});

test('a caller who leaves aborts the call, and nobody is to blame; nothing more is called for him', async () => {
  const ending = new Ending();
  const here = context({ ending });
  const call = runInContext(here, () => engine.call(never));
  ending.end(new CallerGoneError());
  await expect(call).rejects.toBeInstanceOf(CallerGoneError);
  await expect(runInContext(here, () => engine.call(never))).rejects.toBeInstanceOf(CallerGoneError);
});

test('a finished call leaves no timer and no listener behind', async () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const { signal } = new AbortController();
  await runInContext(context({ ending: new Ending(signal) }), () => engine.call(() => Promise.resolve()));
  await expect(
    runInContext(context({ ending: new Ending(signal) }), () =>
      engine.call(() => Promise.reject(new Error('x'))),
    ),
  ).rejects.toThrow('x');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')).toHaveLength(before);
});

test('an answer that arrived while this process was busy is no time-out', async () => {
  const answer = new Promise((resolve) => {
    setTimeout(() => setImmediate(() => resolve('in time')), 20);
  });
  const call = runInContext(context({ deadline: Deadline.after(60) }), () => engine.call(() => answer));
  const endMs = performance.now() + 120;
  while (performance.now() < endMs);
  expect(await call).toBe('in time');
});
