import { parseGatewayFile } from './read-gateway-file.js';
import { toUpstreamConfig } from './upstream-entry.js';

const read = (lines: string, environment: Record<string, string> = {}) =>
  parseGatewayFile('gateway.yaml', `upstreams:\n  users:\n${lines}`, environment);

const indent = (text: string): string => text.replaceAll(/^/gm, '    ');

test('every key of an upstream reaches the engine, in its units', () => {
  const result = read(
    indent(`url: http://a:1, http://b:1
timeout: 800ms
attemptTimeout: 300ms
retry: { tries: 2, budget: 0.1, budgetPerSecond: 1, backoff: 50ms }
circuit: { minimumCalls: 10, failureRate: 0.4, slowAfter: 1s, slowRate: 0.9, open: 10s, probes: 2 }
bulkhead: { concurrent: 20, queue: 0, wait: 5ms }
hedge: true
coalesce: false
eject: { after: 3, for: 1m }
cache: { maxBytes: 1MiB, shared: true, store: true }
check: { path: /health, every: 2s }
dns: { refresh: 1m, servers: ['127.0.0.1:53'] }
identity: { tokenUrl: 'https://id.example/token', clientId: bff, clientSecret: '\${SECRET}', scope: 'users:read' }
tls: { ca: ca.pem, cert: cert.pem, key: key.pem, serverName: users.internal }
http2: true
maxAnswer: 64KiB`),
    { SECRET: 'hidden' },
  );
  if (!('file' in result)) throw new Error(result.mistakes.join('\n'));
  const [entry] = Object.values(result.file.upstreams);
  if (entry === undefined) throw new Error('there is no upstream');
  expect(toUpstreamConfig(entry)).toEqual({
    url: 'http://a:1, http://b:1',
    timeoutMs: 800,
    attemptTimeoutMs: 300,
    retry: { tries: 2, budgetShare: 0.1, budgetPerSecond: 1, backoffMs: 50 },
    circuit: {
      minimumCalls: 10,
      failureRate: 0.4,
      slowAfterMs: 1_000,
      slowRate: 0.9,
      openMs: 10_000,
      probes: 2,
    },
    bulkhead: { concurrent: 20, queue: 0, waitMs: 5 },
    hedge: true,
    coalesce: false,
    eject: { after: 3, forMs: 60_000 },
    cache: { maxBytes: 1_048_576, shared: true, store: true },
    check: { path: '/health', everyMs: 2_000 },
    dns: { refreshMs: 60_000, servers: ['127.0.0.1:53'] },
    identity: {
      tokenUrl: 'https://id.example/token',
      clientId: 'bff',
      clientSecret: 'hidden',
      scope: 'users:read',
    },
    tls: { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem', serverName: 'users.internal' },
    http2: true,
    maxAnswerBytes: 65_536,
  });
});

test('an exchange of tokens reaches the engine as it is', () => {
  const exchange = {
    tokenUrl: 'https://id.example/token',
    clientId: 'bff',
    clientSecret: 'hidden',
    audience: 'users-api',
    resource: 'https://users.internal/v1',
    scope: 'users:read',
  };
  const result = read(indent(`url: http://users\nidentity: { exchange: ${JSON.stringify(exchange)} }`));
  if (!('file' in result)) throw new Error(result.mistakes.join('\n'));
  expect(toUpstreamConfig(result.file.upstreams['users'] ?? { url: '', timeout: 0 }).identity).toEqual({
    exchange,
  });
});

test('what is left out is left to the engine', () => {
  const result = read(indent('url: http://users\ncircuit: { open: 1s }\ncache: false'));
  if (!('file' in result)) throw new Error(result.mistakes.join('\n'));
  const config = toUpstreamConfig(result.file.upstreams['users'] ?? { url: '', timeout: 0 });
  expect(config).toMatchObject({ timeoutMs: 2_000, circuit: { openMs: 1_000 }, cache: false });
  expect(Object.keys(config.circuit ?? {})).toEqual(['openMs']);
});

test.each([
  ['timeout: fast', 4],
  ['retry: { tries: 0 }', 4],
  ['retry: { budget: 20 }', 4],
  ['circuit: { opens: 5s }', 4],
  ['bulkhead: { concurrent: -1 }', 4],
  ['hedge: sometimes', 4],
  ['cache: true', 4],
  ['cache: { maxBytes: 16MB }', 4],
  ['check: { path: health }', 4],
  ['identity: somebody', 4],
  ['identity: { tokenUrl: id.example, clientId: bff, clientSecret: x }', 4],
  ['identity: { exchange: { tokenUrl: https://id.example, clientId: bff } }', 4],
  [
    "identity: { exchange: { tokenUrl: 'https://id.example', clientId: a, clientSecret: b, audiense: c } }",
    4,
  ],
  ['maxAnswer: 0KiB', 4],
])('%s is refused, by the line it stands in', (line, number) => {
  const result = read(indent(`url: http://users\n${line}`));
  expect('mistakes' in result ? result.mistakes : []).toEqual([
    expect.stringMatching(new RegExp(`^gateway\\.yaml:${number}: `)),
  ]);
});
