import { readFileSync, writeFileSync } from 'node:fs';
import { HttpFake, until } from '@bff/testing';
import { parse, stringify } from 'yaml';
import { type Bff, startMobileBff, startWebBff } from '../world/bff.js';
import { type ConfigFile, wideLimits, writeGatewayConfig } from '../world/gateway-config.js';

/** The file of a gateway that runs, edited as a team does it: by writing it anew. */
function edit({ path }: ConfigFile, changes: object): void {
  writeFileSync(path, stringify({ ...(parse(readFileSync(path, 'utf8')) as object), ...changes }));
}

const readiness = async (bff: Bff) => (await bff.management.get('/health/ready')).body;

const metricsOf = async (bff: Bff) => (await bff.management.get('/metrics')).text;

async function start(changes: object = wideLimits) {
  const file = writeGatewayConfig('web-bff', changes);
  const bff = await startWebBff({ GATEWAY_CONFIG: file.path });
  return {
    file,
    bff,
    [Symbol.asyncDispose]: async () => {
      await bff[Symbol.asyncDispose]();
      file[Symbol.dispose]();
    },
  };
}

test('a gateway sees by itself that its file has changed', async () => {
  await using world = await start();
  edit(world.file, { limits: { caller: { requests: 3, window: '60s' } } });
  const policy = async () => (await world.bff.ada.get('/api/products')).headers['ratelimit-policy'];
  await until('the new limit is told', async () => String(await policy()).includes('"caller";q=3;'));
});

test('a service that has moved is found without a restart', async () => {
  await using world = await start();
  await using moved = await HttpFake.start(() => ({
    id: '7',
    name: 'Ada of the new place',
    email: 'ada@example.com',
  }));
  const { upstreams } = parse(readFileSync(world.file.path, 'utf8')) as { upstreams: object };
  edit(world.file, { upstreams: { ...upstreams, users: { url: moved.url } } });
  world.bff.gateway.reload('test');
  expect((await world.bff.ada.get('/api/dashboard')).body).toMatchObject({
    user: { name: 'Ada of the new place' },
  });
  expect((await world.bff.management.get('/upstreams')).text).toContain(moved.url);
});

test('the app is told of a new version as soon as the file says so', async () => {
  using file = writeGatewayConfig('mobile-bff', {});
  await using bff = await startMobileBff({ GATEWAY_CONFIG: file.path });
  edit(file, { app: { versions: { ios: { minimum: '9.0.0', latest: '9.1.0' } } } });
  bff.gateway.reload('test');
  expect((await bff.anonymous.get('/v1/config')).text).toContain('9.1.0');
});

const announced = `upstreams: {}
registration:
  redis: redis://127.0.0.1:1
  issuers:
    reviews:
      keys: [{ kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo }]
      prefixes: [/api/reviews]
      targets: ['http://reviews:8080']
`;
test.each([
  ['no YAML', 'upstreams: [', /gateway\.yaml:1/],
  ['an unknown key', 'upstreams: {}\nlimit: 7\n', /gateway\.yaml:2: unknown key "limit"/],
  [
    'an upstream that is used and gone',
    'upstreams: {}\n',
    /gateway\.yaml:1: upstreams\.users: not configured, and in use/,
  ],
  [
    'an upstream that leads nowhere',
    'upstreams:\n  users: { url: "nowhere" }\n',
    /gateway\.yaml:2: upstreams\.users\.url: /,
  ],
  [
    'an announced service that cannot be called',
    `${announced}      upstream:\n        tls: { ca: none.pem }\n`,
    /gateway\.yaml:10: registration\.issuers\.reviews\.upstream\.tls: none\.pem cannot be read/,
  ],
  ['nothing at all', '', /upstreams/],
])(
  '%s changes nothing, is told with its line, and is over when it is mended',
  async (_what, text, mistake) => {
    await using world = await start();
    const good = readFileSync(world.file.path, 'utf8');
    writeFileSync(world.file.path, text);
    world.bff.gateway.reload('test');
    expect((await world.bff.ada.get('/api/dashboard')).body).toMatchObject({ _meta: { complete: true } });
    expect(await readiness(world.bff)).toMatchObject({
      status: 'ready',
      configuration: 'refused',
      mistakes: expect.arrayContaining([expect.stringMatching(mistake)]),
    });
    expect(await metricsOf(world.bff)).toMatch(/bff_config_current 0\n/);
    writeFileSync(world.file.path, good);
    world.bff.gateway.reload('test');
    expect(await readiness(world.bff)).toEqual({ status: 'ready' });
    expect(await metricsOf(world.bff)).toMatch(/bff_config_current 1\n/);
  },
);

test('a hundred edits under load, every tenth of them broken, fail no call', async () => {
  await using world = await start();
  const { bff, file } = world;
  const { upstreams } = parse(readFileSync(file.path, 'utf8')) as { upstreams: Record<string, object> };
  const statuses = new Map<string, number>();
  let isOver = false;
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const { status, body } = await bff.ada.get('/api/dashboard');
      const seen = `${status} ${(body as { _meta?: { complete?: boolean } })._meta?.complete}`;
      statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  for (let edits = 0; edits < 100; edits += 1) {
    if (edits % 10 === 9) writeFileSync(file.path, 'upstreams: {');
    else {
      const timeout = `${1_500 + edits}ms`;
      const users = { url: '${USERS_URL}', timeout };
      writeFileSync(
        file.path,
        stringify({
          upstreams: { ...upstreams, users },
          ...wideLimits,
          overload: { lag: '60s' },
          auth: { methods: ['bearer'] },
        }),
      );
    }
    bff.gateway.reload('test');
    await bff.ada.get('/api/products');
  }
  isOver = true;
  await Promise.all(callers);
  expect([...statuses.keys()]).toEqual(['200 true']);
  // The gateway also looks by itself meanwhile.
  const [, refused] = /reloads_total\{result="refused"\} (\d+)/.exec(await metricsOf(bff)) ?? [];
  expect(Number(refused)).toBeGreaterThanOrEqual(10);
}, 60_000);
