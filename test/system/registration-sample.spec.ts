import { generateKeyPairSync } from 'node:crypto';
import type { RunningGateway } from '@bff/gateway';
import {
  type Broker,
  brokerTestTimeoutMs,
  describeWithBroker,
  findFreePort,
  HttpClient,
  startRedis,
  until,
} from '@bff/testing';
import { mobileBff } from 'mobile-bff';
import { type SampleBackend, signIn, signInAtGateway, startSampleBackend } from 'sample-backend';
import { webBff } from 'web-bff';
import { startSampleGateway } from '../world/sample-gateway.js';

const pair = generateKeyPairSync('ed25519');
const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const product = 'opinions/BK-1843';
const ada = { login: 'ada', password: 'ada' };

describeWithBroker('redis', () => {
  const opened = new AsyncDisposableStack();
  let redis: Broker;
  let backend: SampleBackend;
  let web: RunningGateway;
  let mobile: RunningGateway;
  let browser: HttpClient;
  let app: HttpClient;
  beforeAll(async () => {
    redis = opened.use(await startRedis());
    const port = await findFreePort();
    const options = {
      webBffOrigins: [`http://127.0.0.1:${port}`],
      opinions: { redis: redis.url, key: privateKey },
    };
    backend = opened.use(await startSampleBackend(options));
    const environment = { REDIS_URL: redis.url, OPINIONS_PUBLIC_KEY: publicKey };
    web = opened.use(await startSampleGateway(webBff, backend, { ...environment, PORT: String(port) }));
    mobile = opened.use(await startSampleGateway(mobileBff, backend, environment));
    const { cookie } = await signInAtGateway({ gatewayUrl: web.url, ...ada });
    browser = opened.use(new HttpClient(web.url, { cookie, 'x-csrf': '1' }));
    app = opened.use(new HttpClient(mobile.url, await bearer()));
  }, brokerTestTimeoutMs);
  afterAll(() => opened.disposeAsync());

  const bearer = async () => {
    const { accessToken } = await signIn({ issuer: backend.urls.identity, ...ada });
    return { authorization: `Bearer ${accessToken}` };
  };
  const answers = (client: HttpClient, path: string, status: number) =>
    until(`${path} answers ${status}`, async () => (await client.get(path)).status === status);

  test('opinions is served by both gateways as they are shipped, each under its own path', async () => {
    await answers(browser, `/api/${product}`, 200);
    await answers(app, `/v1/${product}`, 200);
    const shown = {
      sku: 'BK-1843',
      count: 2,
      average: 4.5,
      opinions: [
        expect.objectContaining({ authorId: '8', rating: 5 }),
        expect.objectContaining({ authorId: '7' }),
      ],
    };
    expect((await browser.get(`/api/${product}`)).body).toEqual(shown);
    expect((await app.get(`/v1/${product}`)).body).toEqual(shown);
    expect((await browser.get(`/v1/${product}`)).status).toBe(404);
    expect((await app.get(`/api/${product}`)).status).toBe(404);
    expect((await app.get('/v1/opinions/BK-0')).status).toBe(404);
  });

  test('it is for known callers only, and answers nobody past a gateway', async () => {
    await using anonymous = new HttpClient(mobile.url);
    expect((await anonymous.get(`/v1/${product}`)).status).toBe(401);
    await using direct = new HttpClient(backend.urls.opinions ?? '');
    expect((await direct.get(`/${product}`)).status).toBe(401);
    expect((await direct.get('/health')).status).toBe(200);
  });

  test('its faults are those of its own routes', async () => {
    await backend.faults.set('opinions', { status: 500 });
    expect((await app.get(`/v1/${product}`)).status).toBe(500);
    expect((await app.get('/v1/home')).status).toBe(200);
    await backend.faults.clear('opinions');
    await answers(app, `/v1/${product}`, 200);
  });

  test('a gateway that was given no key of it believes nobody, and listens to nobody', async () => {
    await using other = await startSampleGateway(mobileBff, backend, { REDIS_URL: redis.url });
    await using client = new HttpClient(other.url, await bearer());
    await using management = new HttpClient(other.managementUrl);
    await answers(app, `/v1/${product}`, 200);
    expect((await client.get(`/v1/${product}`)).status).toBe(404);
    expect((await management.get('/metrics')).text).not.toContain('issuer="opinions"');
  });

  test('its goodbye takes its routes away, and nothing else', async () => {
    await using another = await startSampleBackend();
    expect(another.urls.opinions).toBeUndefined();
    await backend.close();
    await answers(browser, `/api/${product}`, 404);
    await answers(app, `/v1/${product}`, 404);
  });
});
