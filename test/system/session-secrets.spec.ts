import { createHash } from 'node:crypto';
import { type Answer, HttpClient, ProviderFake, until } from '@bff/testing';
import { wideLimits, writeGatewayConfig } from '../world/gateway-config.js';
import { type GatewayProcess, startGatewayProcess } from '../world/gateway-process.js';
import { type Services, startServices } from '../world/services.js';
import { SessionEvents } from '../world/session-events.js';
import { environmentOf } from '../world/session-world.js';
import { headersAtServices } from '../world/upstream-headers.js';
import { Visitor } from '../world/visitor.js';

const spans = new URL('../world/print-spans.mjs', import.meta.url).href;
let services: Services;
let provider: ProviderFake;
let gateway: GatewayProcess;
let client: HttpClient;
/** What the gateway has told anybody: bodies and headers, but for the cookies that it sets. */
const told: string[] = [];
const visitors: Visitor[] = [];
const logoutTokens: string[] = [];

class Witness extends Visitor {
  override async send(...request: Parameters<Visitor['send']>): Promise<Answer> {
    const answer = await super.send(...request);
    const { 'set-cookie': _cookies, location, ...headers } = answer.headers;
    // What a provider has to be told stands in the address of the browser.
    const isToProvider = String(location).startsWith(`${provider.url}/authorize?`);
    told.push(answer.text, JSON.stringify(headers), isToProvider ? '' : String(location));
    return answer;
  }
}

function visitor(): Visitor {
  const one = new Witness(client);
  visitors.push(one);
  return one;
}

async function signedIn(): Promise<Visitor> {
  const one = visitor();
  expect((await one.signIn('returnUrl=/orders')).status).toBe(303);
  return one;
}

const tell = async (token: string): Promise<number> => {
  logoutTokens.push(token);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = `logout_token=${token}`;
  return (await visitor().send('POST', '/bff/backchannel-logout', { headers, body })).status;
};

const opened = new AsyncDisposableStack();
beforeAll(async () => {
  services = await startServices();
  for (const service of Object.values(services) as AsyncDisposable[]) opened.use(service);
  provider = opened.use(await ProviderFake.start());
  using file = writeGatewayConfig('web-bff', { ...wideLimits, auth: {} });
  const started = await startGatewayProcess({
    app: 'web-bff',
    environment: { ...environmentOf(services, provider), GATEWAY_CONFIG: file.path, LOG_LEVEL: 'trace' },
    nodeFlags: ['--import', spans],
  });
  gateway = opened.use(started);
  client = opened.use(new HttpClient(gateway.url));
}, 30_000);
afterAll(() => opened.disposeAsync());

/** What a provider may say when something is wrong: all that it has just been told. */
const echo = (status: number, error?: string) => {
  const last = provider.calls.at(-1);
  const sent = `${last?.authorization} ${last?.form.toString()} ${provider.given.join(' ')}`;
  const body = JSON.stringify({ ...(error === undefined ? {} : { error }), error_description: sent, sent });
  return { answer: { status, body } };
};

async function failToSignIn(): Promise<void> {
  for (const lie of [
    () => ({ at: { token: echo(400, 'invalid_grant') } }),
    () => ({ at: { token: echo(401, 'invalid_client') } }),
    () => ({ at: { token: echo(500) } }),
    () => ({ at: { token: echo(200) } }),
    () => ({ at: { token: { answer: { body: `garbage ${provider.given.join(' ')}` } } } }),
    () => ({ at: { jwks: echo(500) } }),
    () => ({ tokens: { access_token: undefined } }),
    () => ({ tokens: { token_type: provider.given.at(-1) } }),
    // A letter before it: as a number, a text counts for the digits that it may begin with.
    () => ({ tokens: { expires_in: `x${provider.given.at(-1)}` } }),
    () => ({ idToken: () => `${provider.given.at(-1)}` }),
    () => ({ idToken: (claims: object) => provider.keys.sign({ ...claims, nonce: 'another' }) }),
    () => ({ idToken: (claims: object) => `${provider.keys.sign({ ...claims })}x` }),
  ]) {
    const one = visitor();
    const callback = await one.arrive();
    provider.lies = lie();
    expect((await one.open(callback)).status).toBeGreaterThanOrEqual(400);
    provider.lies = {};
    expect((await one.open(callback)).status).toBe(400);
  }
}

async function call(one: Visitor): Promise<void> {
  for (const path of [
    '/api/dashboard',
    '/api/orders',
    '/api/orders/42',
    '/api/nowhere',
    '/bff/user',
    '/bff/sessions',
  ])
    await one.get(path);
  await one.post('/api/orders', { lines: [{ sku: 'BK-1843', quantity: 1 }] });
  await one.post('/api/orders', { lines: one.session });
  await one.send('GET', '/api/dashboard');
  await one.get('/api/dashboard', { headers: { authorization: `Bearer ${provider.given.at(-1)}` } });
  await services.orders.fails({ as: 'unreachable' });
  await one.get('/api/dashboard');
  await one.get('/api/orders');
  await services.orders.recovers();
}

async function failToRefresh(): Promise<void> {
  provider.accessTokenSeconds = 0;
  for (const lie of [
    () => ({ at: { token: echo(500) } }),
    () => ({ at: { token: echo(400, 'server_error') } }),
    () => ({ at: { token: echo(401, 'invalid_client') } }),
    () => ({ tokens: { access_token: undefined } }),
    () => ({ at: { token: echo(400, 'invalid_grant') } }),
  ]) {
    const one = await signedIn();
    provider.lies = lie();
    expect((await one.get('/api/dashboard')).status).toBeGreaterThanOrEqual(401);
    provider.lies = {};
  }
  const renewed = await signedIn();
  provider.accessTokenSeconds = 600;
  expect((await renewed.get('/api/dashboard')).status).toBe(200);
}

async function signOut(): Promise<void> {
  const [first, second, third] = [await signedIn(), await signedIn(), await signedIn()];
  await using tab = await SessionEvents.open(gateway.url, third);
  provider.lies = { at: { revoke: echo(400, 'invalid_request') } };
  const before = provider.count('revoke');
  expect((await first.post('/bff/logout')).status).toBe(200);
  await until('a revocation fails', () => provider.count('revoke') > before);
  provider.lies = {};
  expect((await second.call('DELETE', '/bff/sessions')).status).toBe(204);
  await until('the stream ends', () => tab.isClosed);
  told.push(tab.text);
  await signedIn();
  expect(await tell(provider.logoutToken({ sub: '7' }))).toBe(200);
  expect(await tell(provider.logoutToken({ sub: '7', nonce: 'x' }))).toBe(400);
  expect(await tell('garbage-in-place-of-a-token')).toBe(400);
}

/** Everything that is for nobody but those who have it already, in the forms in which it might be written down. */
function secrets(): string[] {
  const { client, given, calls } = provider;
  const forms = ['state', 'nonce', 'code_verifier', 'code', 'refresh_token', 'token', 'client_secret'];
  const sent = calls.flatMap(({ form }) => forms.flatMap((name) => form.getAll(name)));
  const cookies = visitors.flatMap((one) =>
    one.setCookies.map((line) => /^[^=]+=([^;]*)/.exec(line)?.[1] ?? ''),
  );
  const keys = cookies.map((value) => createHash('sha256').update(value).digest('base64url'));
  const { SESSION_SECRET = '' } = environmentOf(services, provider);
  const basic = calls.flatMap(({ authorization = '' }) => authorization.replace('Basic ', ''));
  const texts = [...given, ...sent, ...logoutTokens, ...cookies, ...keys, ...basic];
  const parts = texts.flatMap((text) => [text, ...text.split('.').slice(1)]);
  const words = [...parts, client.secret, encodeURIComponent(client.secret), SESSION_SECRET];
  return [...new Set(words)].filter((text) => text.length >= 16);
}

/** Ids that the provider knows its sessions and tokens by: for the gateway and the user, and not for a log. */
function providerIds(): string[] {
  const tokens = [...provider.given, ...logoutTokens].filter((text) => text.split('.').length === 3);
  return tokens.flatMap((token) => {
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    return ['sid', 'jti'].flatMap((name) => new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1] ?? []);
  });
}

test('no token, code, cookie or secret is anywhere that it must not be, whatever goes right or wrong', async () => {
  await failToSignIn();
  const ada = await signedIn();
  await call(ada);
  await failToRefresh();
  await signOut();
  gateway.child.kill('SIGTERM');
  await gateway.exit;

  const { stdout, stderr } = gateway.output;
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { details?: { audit?: string } });
  const audited = new Set(lines.flatMap(({ details }) => details?.audit ?? []));
  expect([...audited].toSorted()).toEqual([
    'logout_token_refused',
    'session_ended',
    'session_refreshed',
    'sessions_ended_by_provider',
    'sign_in',
    'sign_in_failed',
  ]);
  expect(stderr).toContain('{"span":"Dashboard.user"');
  const seen = headersAtServices(services);
  expect(seen.length).toBeGreaterThan(5);

  const places = { stdout, stderr, told: told.join('\n'), services: JSON.stringify(seen) };
  const all = secrets();
  expect(all.length).toBeGreaterThan(100);
  for (const [place, text] of Object.entries(places))
    expect([place, all.filter((secret) => text.includes(secret))]).toEqual([place, []]);
  const ids = providerIds();
  expect(ids.length).toBeGreaterThan(20);
  expect(ids.filter((id) => (stdout + stderr).includes(id))).toEqual([]);
}, 30_000);
