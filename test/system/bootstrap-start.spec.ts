import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brokerTestTimeoutMs, describeWithBroker, startRedis, until } from '@bff/testing';
import { importGateways } from '../world/gateways.js';
import { environmentWith, isAlive, isFree, start, type Started } from '../world/processes.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = (name: string) => join(root, 'scripts', name);
const startWithinMs = 35_000;
const gateways = await importGateways();
const ports = [
  ...gateways.flatMap(({ port, managementPort }) => [port, managementPort]),
  4_000,
  4_001,
  4_002,
  4_003,
  4_004,
  4_009,
];

/** Far from the ports of whoever develops here, and below those that the system hands out (32768 and more). */
async function freeOffset(): Promise<number> {
  return until('an offset with free ports', async () => {
    const offset = 10_000 + 110 * randomInt(150);
    const free = await Promise.all(ports.map((port) => isFree(port + offset)));
    return free.every(Boolean) && offset;
  });
}

function startPlatform(offset: number, redisUrl?: string): Started {
  return start(process.execPath, [script('start.mjs')], {
    cwd: root,
    env: environmentWith({
      PORT_OFFSET: String(offset),
      HOST: undefined,
      OIDC_ISSUER: undefined,
      LOG_LEVEL: undefined,
      REDIS_URL: redisUrl,
    }),
  });
}

async function whenStarted(platform: Started): Promise<void> {
  const said = () => platform.stdout() + platform.stderr();
  const isStarted = () => {
    if (platform.child.exitCode !== null) throw new Error(`the start ended: ${said()}`);
    return platform.stdout().includes('Ctrl-C stops everything');
  };
  await until('everything is started', isStarted, startWithinMs);
}

/** The apps that a start script runs, from proc(5). */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

const noneAlive = (pids: number[]) => pids.every((pid) => !isAlive(pid));

test.each([
  ['127.0.0.1', 'http://localhost:4000'],
  ['0.0.0.0', 'http://localhost:4000'],
  ['127.0.0.2', 'http://127.0.0.2:4000'],
])('with HOST=%s the issuer is %s, where it can be reached', async (host, issuer) => {
  const code = `import { describeApps } from './scripts/apps.mjs'; console.log(describeApps({ HOST: '${host}' }).issuer)`;
  const described = start(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  expect(await described.ended).toBe(0);
  expect(described.stdout().trim()).toBe(issuer);
});

test('services are told to trust every gateway that is started, wherever its management listens', async () => {
  const code = `import { describeApps } from './scripts/apps.mjs';
    console.log(describeApps({ PORT_OFFSET: '100' }).apps[0].env.GATEWAY_JWKS_URLS)`;
  const described = start(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  expect(await described.ended).toBe(0);
  expect(described.stdout().trim().split(',')).toEqual(
    gateways.map(({ managementPort }) => `http://127.0.0.1:${managementPort + 100}/.well-known/jwks.json`),
  );
});

test('a taken port: one line that names app and port and how to mend it, and nothing is started', async () => {
  const offset = await freeOffset();
  const port = offset + 3_001;
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    const platform = startPlatform(offset);

    expect(await platform.ended).toBe(1);
    const [line, ...rest] = platform.stderr().trimEnd().split('\n');
    expect(line).toMatch(
      new RegExp(`^Port ${port} \\(mobile-bff, gateway\\) is taken\\. Stop .* or set PORT_OFFSET`),
    );
    expect(rest).toEqual(['Nothing was started.']);
    expect(platform.stdout()).toBe('');
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

describeWithBroker('redis', () => {
  test(
    'with REDIS_URL a service announces itself with a pair of keys that nobody had to make',
    async () => {
      await using redis = await startRedis();
      const offset = await freeOffset();
      const platform = startPlatform(offset, redis.url);
      try {
        await whenStarted(platform);
        expect(platform.stdout()).toContain(`/v1/opinions/BK-1843`);
        const authorization = `Bearer ${await printedBy(startToken(offset, 'ada'))}`;
        const url = `http://127.0.0.1:${offset + 3_001}/v1/opinions/BK-1843`;
        await until('it is served', async () => (await fetch(url, { headers: { authorization } })).ok);
      } finally {
        platform.child.kill('SIGTERM');
        await platform.ended;
      }
    },
    brokerTestTimeoutMs,
  );
});

test('everything starts, a session opens web-bff, a token mobile-bff, and Ctrl-C leaves nothing behind', async () => {
  const offset = await freeOffset();
  const platform = startPlatform(offset);
  try {
    await whenStarted(platform);
    const apps = childrenOf(platform.pid);
    expect(apps).toHaveLength(1 + gateways.length);
    expect(platform.stderr()).toBe('');

    const web = `http://localhost:${offset + 3_000}`;
    const cookie = await printedBy(startSession('ada', '--gateway', web));
    const dashboard = await fetch(`${web}/api/dashboard`, { headers: { cookie, 'x-csrf': '1' } });
    const authorization = `Bearer ${await printedBy(startToken(offset, 'ada'))}`;
    const home = await fetch(`http://127.0.0.1:${offset + 3_001}/v1/home`, { headers: { authorization } });
    expect([dashboard.status, home.status]).toEqual([200, 200]);
    expect(await dashboard.json()).toMatchObject({ user: { id: '7' }, _meta: { complete: true } });

    for (const [reason, ...args] of [
      ['Identity refused bob: wrong user or password.\n', 'bob'],
      ['Identity refused ada: wrong user or password.\n', 'ada', '--password', 'x'],
      ['Identity knows no such scope: no:such\n', 'ada', '--scope', 'catalog:read no:such'],
    ] as const) {
      const refused = startToken(offset, ...args);
      expect([await refused.ended, refused.stdout(), refused.stderr()]).toEqual([1, '', reason]);
    }
    for (const [reason, ...args] of [
      ['Identity refused bob: wrong user, password or code.\n', 'bob'],
      ['Identity refused ada: wrong user, password or code.\n', 'ada', '--password', 'x'],
      ['Identity refused ada: wrong user, password or code.\n', 'ada', '--otp', '123456'],
    ] as const) {
      const refused = startSession(...args, '--gateway', web);
      expect([await refused.ended, refused.stdout(), refused.stderr()]).toEqual([1, '', reason]);
    }
    const mobile = startSession('ada', '--gateway', `http://localhost:${offset + 3_001}`);
    expect([await mobile.ended, mobile.stderr()]).toEqual([
      1,
      expect.stringMatching(/^No session: .* HTTP 404/),
    ]);
    const strong = await printedBy(startSession('ada', '--otp', '000000', '--gateway', web));
    const user = await fetch(`${web}/bff/user`, { headers: { cookie: strong, 'x-csrf': '1' } });
    expect(await user.json()).toMatchObject({ sub: '7', acr: 'urn:bff:acr:second-factor' });

    process.kill(platform.pid, 'SIGINT');
    expect(await platform.ended).toBe(0);
    expect(noneAlive(apps)).toBe(true);
  } finally {
    platform.child.kill('SIGTERM');
  }
}, 60_000);

test('when the start script is killed the apps stop by themselves', async () => {
  const platform = startPlatform(await freeOffset());
  await whenStarted(platform);
  const apps = childrenOf(platform.pid);
  process.kill(platform.pid, 'SIGKILL');

  await until('the apps are gone', () => noneAlive(apps));
}, 60_000);

test('when an app ends, the others are stopped and the reason is said', async () => {
  const platform = startPlatform(await freeOffset());
  await whenStarted(platform);
  const apps = childrenOf(platform.pid);
  process.kill(apps[0]!, 'SIGKILL');

  expect(await platform.ended).toBe(1);
  expect(platform.stderr()).toBe('sample-backend ended by itself (SIGKILL). Everything else is stopped.\n');
  expect(noneAlive(apps)).toBe(true);
}, 60_000);

test.each([
  ['no user', [], /Which user\? For example/],
  ['identity is not running', ['ada'], /^Identity does not answer at .*: start it with `npm start`/],
])('a token with %s: one line and exit code 1', async (_, args, expected) => {
  const token = startToken(await freeOffset(), ...args);

  expect(await token.ended).toBe(1);
  expect(token.stdout()).toBe('');
  expect(token.stderr().trimEnd()).toMatch(expected);
  expect(token.stderr().trimEnd()).not.toContain('\n');
});

test.each([
  ['no user', [], /^Which user\? For example/],
  ['a gateway that is no address', ['ada', '--gateway', 'here'], /^--gateway here: expected an address/],
  [
    'no gateway there',
    ['ada', '--gateway', 'http://localhost:1'],
    /^No gateway answers at http:\/\/localhost:1: start/,
  ],
])('a session with %s: one line and exit code 1', async (_, args, expected) => {
  const session = startSession(...args);

  expect(await session.ended).toBe(1);
  expect(session.stdout()).toBe('');
  expect(session.stderr().trimEnd()).toMatch(expected);
  expect(session.stderr().trimEnd()).not.toContain('\n');
});

async function printedBy(command: Started): Promise<string> {
  expect([await command.ended, command.stderr()]).toEqual([0, '']);
  return command.stdout().trim();
}

function startSession(...args: string[]): Started {
  return start(process.execPath, [script('session.mjs'), ...args], { cwd: root, env: environmentWith({}) });
}

function startToken(offset: number, ...args: string[]): Started {
  return start(process.execPath, [script('token.mjs'), ...args], {
    cwd: root,
    env: environmentWith({ OIDC_ISSUER: `http://localhost:${offset + 4_000}` }),
  });
}
