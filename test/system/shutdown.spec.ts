import { request, Agent } from 'undici';
import { Issuer, until } from '@bff/testing';
import { environmentOf } from '../world/bff.js';
import { type ConfigFile, writeGatewayConfig } from '../world/gateway-config.js';
import { type GatewayProcess, spawnGateway, startGatewayProcess } from '../world/gateway-process.js';
import { exchange } from '../world/raw-http.js';
import { type Services, startServices } from '../world/services.js';

let services: Services;
let issuer: Issuer;
let authorization: string;
let config: ConfigFile;
let gateway: GatewayProcess | undefined;

beforeAll(async () => {
  config = writeGatewayConfig('web-bff', {});
  services = await startServices();
  issuer = await Issuer.start();
  authorization = `Bearer ${await issuer.mint()}`;
});
afterEach(async () => {
  await gateway?.[Symbol.asyncDispose]();
  gateway = undefined;
  for (const service of [services.users, services.orders, services.catalog]) await service.recovers();
});
afterAll(async () => {
  for (const one of [services.users, services.orders, services.catalog, issuer])
    await one[Symbol.asyncDispose]();
  config[Symbol.dispose]();
});

const start = async (more: object = {}): Promise<GatewayProcess> => {
  const own = { LOG_LEVEL: 'info', GATEWAY_CONFIG: config.path };
  const environment = { ...environmentOf(services, issuer), ...own };
  gateway = await startGatewayProcess({ app: 'web-bff', environment, ...more });
  return gateway;
};

const readiness = async (url: string): Promise<number | undefined> => {
  try {
    return (await fetch(`${url}/health/ready`)).status;
  } catch {
    return undefined;
  }
};

test('SIGTERM under load: readiness red, no request fails, exit 0 within the grace period', async () => {
  const { url, managementUrl, child, exit } = await start();
  const agent = new Agent({ connections: 20 });
  const failures: unknown[] = [];
  let answered = 0;
  let isRed = false;
  // As a balancer's traffic: it stops when readiness is red.
  const client = async (): Promise<void> => {
    while (!isRed) {
      try {
        const answer = await request(`${url}/api/dashboard`, {
          dispatcher: agent,
          headers: { authorization },
        });
        await answer.body.dump();
        if (answer.statusCode === 200) answered += 1;
        else failures.push(answer.statusCode);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const clients = Array.from({ length: 20 }, client);
  await until('there is load', () => answered > 200);
  const startedMs = performance.now();
  child.kill('SIGTERM');
  await until('readiness is red', async () => (await readiness(managementUrl)) === 503, 1_000);
  const answeredWhenRed = answered;
  await until('calls are still answered', () => answered > answeredWhenRed + 20);
  isRed = true;
  await Promise.all(clients);
  expect(failures).toEqual([]);
  expect(await exit).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  await agent.close();
});

test('SIGTERM with a call in flight: the call is answered, then the process ends', async () => {
  const { url, child, exit } = await start();
  services.catalog.calls.length = 0;
  await services.catalog.fails({ as: 'hanging' });
  const call = fetch(`${url}/api/dashboard`, { headers: { authorization } });
  await until('the call is at the catalog', () => services.catalog.calls.length > 0);
  child.kill('SIGTERM');
  const answer = await call;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ recommendations: [] });
  expect(await exit).toBe(0);
});

test('a client that keeps its connection open does not hold the process back', async () => {
  const { url, child, exit } = await start();
  const agent = new Agent({ keepAliveTimeout: 60_000 });
  await (
    await request(`${url}/api/dashboard`, { dispatcher: agent, headers: { authorization } })
  ).body.dump();
  child.kill('SIGINT');
  expect(await exit).toBe(0);
  await agent.close();
});

test('an unhandled rejection is logged and ends the process with code 1, after draining', async () => {
  const fault = 'data:text/javascript,process.on("SIGUSR2", () => Promise.reject(new Error("made up")))';
  const { child, exit, output, managementUrl } = await start({ nodeFlags: ['--import', fault] });
  child.kill('SIGUSR2');
  await until('readiness is red', async () => (await readiness(managementUrl)) === 503, 1_000);
  expect(await exit).toBe(1);
  expect(output.stdout).toContain('made up');
});

test('when the parent that started it is gone, it ends too', async () => {
  const { child, exit } = await start();
  child.disconnect();
  expect(await exit).toBe(0);
});

test('every line it logs is one JSON object, and calls are found by their request id', async () => {
  const { url, child, exit, output } = await start();
  await fetch(`${url}/api/dashboard?secret=1`, { headers: { authorization, 'x-request-id': 'find-me' } });
  await fetch(`${url}/api/%0a%22`, { headers: { 'user-agent': '"}\\n{' } });
  const refused = await exchange(url, 'GET / HTTP/1.1\r\nno header\r\n\r\n');
  await services.users.fails({ as: 'hanging' });
  const hangUp = new AbortController();
  const headers = { authorization, 'x-request-id': 'gone' };
  const leaving = fetch(`${url}/api/dashboard`, { headers, signal: hangUp.signal }).catch(() => undefined);
  await until(
    'the call that is hung up is in flight',
    () => services.users.calls.at(-1)?.headers['x-request-id'] === 'gone',
  );
  hangUp.abort();
  await leaving;
  child.kill('SIGTERM');
  await exit;
  const lines = output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const call = { method: 'GET', path: '/api/dashboard', userId: '7' };
  expect(lines).toContainEqual(expect.objectContaining({ ...call, requestId: 'find-me', status: 200 }));
  expect(lines).toContainEqual(expect.objectContaining({ ...call, requestId: 'gone', status: 499 }));
  expect(lines).toContainEqual(
    expect.objectContaining({ requestId: refused?.headers['x-request-id'], status: 400 }),
  );
  expect(output.stdout).not.toContain('secret');
  expect(output.stdout).not.toContain(authorization.slice(10));
});

test('a port that is taken: one line that says which and how to mend it, and exit code 1', async () => {
  const first = await start();
  const port = Number(new URL(first.url).port);
  const { exit, output } = await spawnGateway({
    app: 'mobile-bff',
    environment: environmentOf(services, issuer),
    port,
  });
  expect(await exit).toBe(1);
  expect(output.stderr.trim()).toMatch(
    /^mobile-bff: port \d+ on 127\.0\.0\.1 is taken\. Stop what uses it, or set PORT to another port\.$/,
  );
});

test('a wrong configuration: every mistake at once, and exit code 1', async () => {
  const environment = {
    HOST: '127.0.0.1',
    OIDC_ISSUER: 'not a url',
    LOG_LEVEL: 'loud',
    TRUST_PROXY: 'yes',
    GATEWAY_CONFIG: '/no/such/file.yaml',
  };
  const { exit, output } = await spawnGateway({ app: 'web-bff', environment });
  expect(await exit).toBe(1);
  for (const what of ['OIDC_ISSUER', 'LOG_LEVEL', 'TRUST_PROXY', '/no/such/file.yaml'])
    expect(output.stderr).toContain(what);
  expect(output.stderr).not.toMatch(/\n\s+at /);
});

test('wrong upstreams: all of them at once, in plain words, and exit code 1', async () => {
  const environment = {
    ...environmentOf(services, issuer),
    USERS_URL: 'ftp://x',
    ORDERS_URL: 'grpc://me:secret@x:1',
  };
  const { exit, output } = await spawnGateway({ app: 'web-bff', environment });
  expect(await exit).toBe(1);
  expect(output.stderr).toContain('upstreams.users.url: "ftp://x" is not an http:// or https:// URL');
  expect(output.stderr).toContain('upstreams.orders.url: a user name or password in a URL');
  expect(output.stderr).not.toMatch(/secret|\n\s+at /);
});
