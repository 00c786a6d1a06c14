import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startGateway } from '@bff/gateway';
import { mobileBff } from 'mobile-bff';
import { parse } from 'yaml';
import { type Bff, startMobileBff } from '../world/bff.js';
import { writeGatewayConfig } from '../world/gateway-config.js';
import { exchange, requestText } from '../world/raw-http.js';
import { headersAtServices } from '../world/upstream-headers.js';

const script = fileURLToPath(new URL('../../scripts/api-key.mjs', import.meta.url));

/** What `npm run -s api-key -- …` writes, and how it ends. */
function runScript(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { stdout, stderr, status };
}

/** A new key, and its entry as the command says to paste it. */
function createKey(...args: string[]): { key: string; entries: object[] } {
  const { stdout, stderr } = runScript(...args);
  const [, entry = ''] = /\n\n([^]+?)\n\n/.exec(stderr) ?? [];
  return { key: stdout.trim(), entries: parse(entry) as object[] };
}

const nobody = '0'.repeat(64);

describe('a gateway that takes API keys beside access tokens', () => {
  const partner = createKey('partner', '--scope', 'catalog:read orders:read', '--expires', '90d');
  const next = createKey('partner', '--scope', 'catalog:read');
  const expired = '2020-01-01T00:00:00Z';
  const old = createKey('old', '--scope', 'catalog:read');
  let bff: Bff;
  beforeAll(async () => {
    const apiKeys = [
      ...partner.entries,
      ...next.entries,
      ...old.entries.map((entry) => ({ ...entry, expires: expired })),
      { name: 'nobody', sha256: nobody, scopes: [] },
    ];
    using config = writeGatewayConfig('mobile-bff', { auth: { methods: ['bearer', 'api-key'], apiKeys } });
    bff = await startMobileBff({ GATEWAY_CONFIG: config.path });
  });
  afterAll(() => bff[Symbol.asyncDispose]());
  const product = (key: string, path = '/v1/products/BK-1843') =>
    bff.anonymous.get(path, { headers: { 'x-api-key': key } });

  test('lets in a program whose entry was pasted, and tells services its name, not its key', async () => {
    expect((await product(partner.key)).body).toMatchObject({ product: { title: 'Notes on the Engine' } });
    const seen = JSON.stringify(headersAtServices(bff));
    expect(seen).toContain('"x-user-id":"api-key:partner"');
    expect(seen).not.toMatch(/x-api-key/i);
    expect(seen).not.toContain(partner.key);
  });

  test('lets in both keys of a program while it moves from one to the other', async () => {
    expect([(await product(partner.key)).status, (await product(next.key)).status]).toEqual([200, 200]);
  });

  test('lets a program do no more than its entry says', async () => {
    expect((await product(partner.key, '/v1/orders')).status).toBe(200);
    expect((await product(next.key, '/v1/orders')).status).toBe(403);
    expect((await product(partner.key, '/v1/home')).status).toBe(403);
  });

  test.each<[string, () => string, string]>([
    ['that nobody handed out', () => createKey('partner', '--scope', 'catalog:read').key, 'not known'],
    [
      'with a wrong letter',
      () => partner.key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      'mistyped',
    ],
    ['that has expired', () => old.key, 'expired'],
    ['that is the hash of one', () => nobody, 'mistyped'],
    ['with another scheme in front', () => `Bearer ${partner.key}`, 'mistyped'],
  ])('refuses a key %s, and no service hears of it', async (_what, key, why) => {
    const callsBefore = bff.catalog.calls.length;
    const answer = await product(key());
    expect([answer.status, answer.body]).toMatchObject([
      401,
      { detail: expect.stringContaining(why) as string },
    ]);
    expect(answer.headers['www-authenticate']).toMatch(/^ApiKey realm="bff"/);
    expect(answer.text).not.toContain(partner.key);
    expect(bff.catalog.calls).toHaveLength(callsBefore);
  });

  test('refuses two keys in one request', async () => {
    for (const second of [partner.key, next.key, 'x']) {
      const lines = ['Host: bff', `X-API-Key: ${partner.key}`, `x-api-key: ${second}`];
      const answer = await exchange(bff.gateway.url, requestText('GET /v1/products/BK-1843 HTTP/1.1', lines));
      expect([answer?.status, answer?.body]).toMatchObject([401, { detail: 'Send X-API-Key once.' }]);
    }
  });

  test('takes no key from anywhere else', async () => {
    for (const [name, value] of [
      ['authorization', `ApiKey ${partner.key}`],
      ['authorization', `Bearer ${partner.key}`],
      ['cookie', `x-api-key=${partner.key}`],
      ['x-api_key', partner.key],
    ] as const)
      expect((await bff.anonymous.get('/v1/products/BK-1843', { headers: { [name]: value } })).status).toBe(
        401,
      );
    expect((await bff.anonymous.get(`/v1/products/BK-1843?api_key=${partner.key}`)).status).toBe(401);
  });

  test('takes access tokens too, and tells strangers both ways', async () => {
    expect((await bff.ada.get('/v1/home')).status).toBe(200);
    const answer = await bff.anonymous.get('/v1/home');
    expect(answer.headers['www-authenticate']).toBe('ApiKey realm="bff", Bearer realm="bff"');
  });

  test('counts the calls of a batch as those of the program that sent it', async () => {
    const calls = [{ method: 'GET', path: '/v1/products/BK-1843' }];
    const answer = await bff.anonymous.post(
      '/v1/batch',
      { calls },
      { headers: { 'x-api-key': partner.key } },
    );
    expect(answer.body).toMatchObject({ results: [{ status: 200 }] });
  });
});

test('a gateway that takes access tokens only knows no keys', async () => {
  const { key, entries } = createKey('partner', '--scope', 'catalog:read');
  using config = writeGatewayConfig('mobile-bff', { auth: { apiKeys: entries } });
  await using bff = await startMobileBff({ GATEWAY_CONFIG: config.path });
  const answer = await bff.anonymous.get('/v1/products/BK-1843', { headers: { 'x-api-key': key } });
  expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="bff"']);
});

test('two entries of one key end the start, and say which', async () => {
  const { entries } = createKey('partner', '--scope', 'catalog:read');
  const twice = [...entries, ...entries.map((entry) => ({ ...entry, name: 'other' }))];
  using config = writeGatewayConfig('mobile-bff', { auth: { methods: ['api-key'], apiKeys: twice } });
  const environment = { PORT: '0', MANAGEMENT_PORT: '0', LOG_LEVEL: 'silent', GATEWAY_CONFIG: config.path };
  await expect(startGateway(mobileBff, environment)).rejects.toThrow(
    'apiKeys[1] (other): sha256: that of partner; each key has an entry of its own',
  );
});

describe('npm run api-key', () => {
  test('prints the key alone to stdout, and its hash but not the key to stderr', () => {
    const { stdout, stderr, status } = runScript(
      'partner',
      '--scope',
      'catalog:read  orders:read',
      '--expires',
      '12h',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bff_[\w-]{49}\n$/);
    expect(stderr).not.toContain(stdout.trim());
    expect(stderr).toMatch(
      /name: 'partner'\n +sha256: '[0-9a-f]{64}'\n +scopes: \['catalog:read', 'orders:read'\]\n/,
    );
    const expiresAtMs = Date.parse(/expires: '(.+)'/.exec(stderr)?.[1] ?? '');
    expect(Math.abs(expiresAtMs - Date.now() - 12 * 3_600_000)).toBeLessThan(60_000);
    expect(stderr).toContain('rotate');
  });

  test('explains itself', () => {
    expect(runScript('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--expires') as string,
    });
  });

  test.each<[string[], string]>([
    [[], 'Whose key?'],
    [['partner', 'other', '--scope', 'a'], 'Whose key?'],
    [['Partner', '--scope', 'a'], 'The name Partner is not usable'],
    [['partner'], 'What may its owner do?'],
    [['partner', '--scope', ' '], 'What may its owner do?'],
    [['partner', '--scope', '"a"'], 'is no scope'],
    [['partner', '--scope', 'a', '--expires', 'soon'], '--expires soon is not understood'],
    [['partner', '--scope', 'a', '--expires', '2027-02-31'], '--expires 2027-02-31 is not understood'],
    [['partner', '--scope', 'a', '--expires', '2020-01-01'], '--expires 2020-01-01 is over already'],
    [['partner', '--scopes', 'a'], "Unknown option '--scopes'"],
  ])('%j is one line that says what is missing, and no key', (args, why) => {
    const { stdout, stderr, status } = runScript(...args);
    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toContain(why);
  });
});
