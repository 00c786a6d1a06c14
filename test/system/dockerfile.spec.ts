import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildImage, type Image } from '../world/docker-build.js';
import { findFreePort, until } from '@bff/testing';
import { environmentWith, start } from '../world/processes.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const buildWithinMs = 240_000;

/** Nobody's user and group, who own nothing of the image. */
const nobody = 65_534;

const scratch = mkdtempSync(join(tmpdir(), 'bff-image-'));
const bin = join(scratch, 'bin');
let image: Image;

/**
 * How this machine's npm reaches its registry, told to the npm of the image: that one has settings of its own. Asked
 * outside of the repository, because npm tells no settings within a workspace.
 */
function wayToRegistry(): Record<string, string> {
  const settings = ['registry', 'cafile', 'proxy', 'https-proxy'].map((name) => {
    const value = execFileSync('npm', ['config', 'get', name], { cwd: scratch, encoding: 'utf8' }).trim();
    return [`npm_config_${name.replace('-', '_')}`, value] as const;
  });
  return Object.fromEntries(settings.filter(([, value]) => value !== 'null'));
}

/** The base image's Node is ours, copied to where any user may run it. */
beforeAll(async () => {
  mkdirSync(bin);
  copyFileSync(process.execPath, join(bin, 'node'));
  const { PATH = '', HOME = '', ...network } = environmentWith({});
  const passedOn = Object.entries(network).filter(([name]) => /proxy|CERT|^npm_config_registry$/i.test(name));
  image = await buildImage({
    dockerfile: join(root, 'deploy', 'Dockerfile'),
    context: root,
    args: { APP: 'web-bff' },
    scratch,
    environment: {
      ...(Object.fromEntries(passedOn) as Record<string, string>),
      ...wayToRegistry(),
      PATH: `${bin}:${PATH}`,
      HOME,
      npm_config_prefer_offline: 'true',
    },
  });
}, buildWithinMs);

afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', scratch]);
  rmSync(scratch, { recursive: true, force: true });
}, 30_000);

test('the image holds no development dependency, no source and no test', () => {
  const modules = join(image.root, 'app', 'node_modules');

  expect(readdirSync(modules)).toContain('express');
  for (const name of [
    'jest',
    'turbo',
    'typescript',
    'prettier',
    'oxlint',
    '@swc',
    '@oxc-node',
    'node',
    '@bff/testing',
  ]) {
    expect([name, existsSync(join(modules, name))]).toEqual([name, false]);
  }
  expect(
    execFileSync(
      'find',
      [
        join(image.root, 'app', 'apps'),
        join(image.root, 'app', 'libs'),
        '-name',
        '*.ts',
        '-not',
        '-name',
        '*.d.ts',
        '-not',
        '-path',
        '*/node_modules/*',
      ],
      { encoding: 'utf8' },
    ),
  ).toBe('');
});

test('it runs as a user who may write nothing, says that it lives, and lets nobody in without a token', async () => {
  const [port, management] = [await findFreePort(), await findFreePort()];
  execFileSync('chmod', ['-R', 'a-w,a+rX', scratch]);
  const [command, ...args] = image.command;
  const gateway = start(join(bin, command!), ['--permission', '--allow-fs-read=*', '--allow-net', ...args], {
    cwd: join(image.root, image.workdir),
    env: {
      ...image.environment,
      HOME: '/nonexistent',
      PORT: String(port),
      MANAGEMENT_PORT: String(management),
      SESSION_SECRET: 'only-for-this-test-only-for-this-test',
      OIDC_CLIENT_SECRET: 'only-for-this-test',
    },
    ...(process.getuid?.() === 0 && { uid: nobody, gid: nobody }),
  });
  try {
    const probe = () => fetch(`http://127.0.0.1:${management}/health/live`).catch(() => undefined);
    const live = await until(`the gateway lives\n${gateway.stderr()}`, probe, 20_000);
    const dashboard = await fetch(`http://127.0.0.1:${port}/api/dashboard`);

    expect(live.status).toBe(200);
    expect(dashboard.status).toBe(401);
    expect(dashboard.headers.get('content-type')).toContain('application/problem+json');
    expect(image.user).toBe('node');
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
  } finally {
    gateway.child.kill('SIGKILL');
  }
}, 40_000);
