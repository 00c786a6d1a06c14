import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

/** A `gateway.yaml` of its own, gone when disposed of. */
export interface ConfigFile extends Disposable {
  readonly path: string;
}

/** In a test a gateway shares its process, and its machine, with everything around it: late is no overload. */
const patience = { overload: { lag: '60s' } };

/** What most tests are about does not depend on how a caller came in: a token is the shortest way. */
const methods: Readonly<Record<string, object>> = { 'web-bff': { methods: ['session', 'bearer'] } };

/**
 * The `gateway.yaml` of an app with other values for some of its top-level keys, and with bearer tokens taken unless
 * `auth` is among them. It is read at start only.
 */
export function writeGatewayConfig(app: string, changes: object): ConfigFile {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-config-'));
  const file = {
    path: join(folder, 'gateway.yaml'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
  rewriteGatewayConfig(file, app, changes);
  return file;
}

/** The same again, with other values. */
export function rewriteGatewayConfig({ path }: ConfigFile, app: string, changes: object): void {
  const original = readFileSync(
    fileURLToPath(new URL(`../../apps/${app}/gateway.yaml`, import.meta.url)),
    'utf8',
  );
  const auth = methods[app] ?? {};
  writeFileSync(path, stringify({ ...(parse(original) as object), ...patience, auth, ...changes }));
}

/** Limits that no test of something else runs into. */
export const wideLimits = {
  limits: { address: { requests: 1_000_000, window: '60s' }, caller: { requests: 1_000_000, window: '60s' } },
};

/** The sample services, which may take longer than the gateway has. */
export const patientUpstreams = {
  upstreams: Object.fromEntries(
    ['users', 'orders', 'catalog'].map((name) => [
      name,
      { url: `\${${name.toUpperCase()}_URL}`, timeout: '10s' },
    ]),
  ),
};
