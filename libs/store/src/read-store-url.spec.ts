import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { readStoreUrl } from './read-store-url.js';
import { StoreUrlError } from './store-url.js';

const plain = {
  kind: 'single',
  tls: false,
  endpoints: [{ host: 'cache', port: 6379 }],
  username: undefined,
  password: undefined,
  sentinelPassword: undefined,
  database: 0,
  masterName: '',
  prefix: '',
  ca: undefined,
};

test.each([
  ['redis://cache', plain],
  [' redis://cache:6379/ ', plain],
  ['REDIS://cache/3', { ...plain, database: 3 }],
  ['redis://10.0.0.7:7000', { ...plain, endpoints: [{ host: '10.0.0.7', port: 7000 }] }],
  [
    'redis://[2001:db8::1]:7000/1',
    { ...plain, endpoints: [{ host: '2001:db8::1', port: 7000 }], database: 1 },
  ],
  ['rediss://:secret@cache', { ...plain, tls: true, password: 'secret' }],
  ['redis://me:p%40ss%2Fword%25@cache', { ...plain, username: 'me', password: 'p@ss/word%' }],
  ['redis://me:p@ss:word@cache', { ...plain, username: 'me', password: 'p@ss:word' }],
  ['redis://cache?prefix=me@web%3A', { ...plain, prefix: 'me@web:' }],
  ['redis://cache/0?prefix=web%3A', { ...plain, prefix: 'web:' }],
  [
    'redis-sentinel://me:secret@one,two:26380/main/2?sentinelPassword=other',
    {
      ...plain,
      kind: 'sentinel',
      endpoints: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 26_380 },
      ],
      username: 'me',
      password: 'secret',
      sentinelPassword: 'other',
      masterName: 'main',
      database: 2,
    },
  ],
  [
    'rediss-sentinel://one/main',
    { ...plain, kind: 'sentinel', tls: true, masterName: 'main', endpoints: [{ host: 'one', port: 26_379 }] },
  ],
  [
    'redis-cluster://one:7000,two,[::1]:7002/',
    {
      ...plain,
      kind: 'cluster',
      endpoints: [
        { host: 'one', port: 7000 },
        { host: 'two', port: 6379 },
        { host: '::1', port: 7002 },
      ],
    },
  ],
  [
    'rediss-cluster://one',
    { ...plain, kind: 'cluster', tls: true, endpoints: [{ host: 'one', port: 6379 }] },
  ],
])('%s is understood', (text, expected) => {
  expect(readStoreUrl(text)).toEqual(expected);
});

test.each([
  ['', /begins with none of redis:\/\//],
  ['cache:6379', /begins with none of/],
  ['http://me:secret@cache', /begins with none of/],
  ['redis-sentinels://one/main', /begins with none of/],
  ['redis+sentinel://one/main', /begins with none of/],
  ['redis://', /a host in it is missing or wrong; write it like redis:\/\/user:password@host:6379\/0/],
  ['redis://me:secret@', /a host in it is missing/],
  ['redis://me:secret@ca che', /a host in it is missing/],
  ['redis://me:secret@cache:', /a host in it is missing/],
  ['redis://me:secret@cache:0', /a port in it is not between 1 and 65535/],
  ['redis://me:secret@cache:70000', /a port in it is not between 1 and 65535/],
  ['redis://me:secret@cache:6379:6380', /a host in it is missing/],
  ['redis://me:secret@one,two', /several hosts: begin it with redis-sentinel:\/\/ or redis-cluster:\/\//],
  ['redis://secret@cache', /before its @ there is no colon: write user:password@ or :password@/],
  ['redis://me:sec%ret@cache', /a percent sign in it stands for no character; write it as %25/],
  ['redis://me:sec/ret@cache', /a password may hold \/ as %2F/],
  ['redis://me:sec#ret@cache', /a password may hold \/ as %2F, \? as %3F and # as %23 only/],
  ['constructor://me:secret@cache', /begins with none of/],
  ['redis://cache/first', /what follows its hosts is wrong/],
  ['redis://cache/0/1', /what follows its hosts is wrong/],
  [
    'redis-sentinel://one,two',
    /what follows its hosts is wrong; write it like redis-sentinel:.*\/masterName\/0/,
  ],
  ['redis-sentinel://one,/main', /a host in it is missing/],
  ['redis-cluster://one/1', /what follows its hosts is wrong; write it like redis-cluster:/],
  ['redis://cache?password=secret', /after its \? only prefix, ca may stand, each once/],
  ['redis://cache?prefix=a&prefix=secret', /each once/],
  ['redis://cache?sentinelPassword=secret', /only prefix, ca may stand/],
  ['redis://cache?ca=/secret.pem', /ca is for TLS: begin it with rediss/],
  ['rediss://cache?ca=/does/not/exist.pem', /the file that ca names cannot be read/],
])('%s is refused with what mends it, and nothing of it is told', (text, expected) => {
  const error = errorOf(() => readStoreUrl(text));
  expect(error).toBeInstanceOf(StoreUrlError);
  expect(error).toMatchObject({ message: expect.stringMatching(expected) });
  expect(inspect(error, { depth: 10 })).not.toContain('secret');
});

describe('the certificates that ca names', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'bff-store-url-'))));
  afterAll(() => rm(folder, { recursive: true }));

  test('are read with the URL', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    await writeFile(join(folder, 'ca.pem'), pem);
    expect(readStoreUrl(`rediss://cache?ca=${folder}/ca.pem`).ca).toBe(pem);
  });

  test('must be certificates', async () => {
    await writeFile(join(folder, 'key.pem'), '-----BEGIN PRIVATE KEY-----');
    expect(() => readStoreUrl(`rediss://cache?ca=${folder}/key.pem`)).toThrow('is no certificate in PEM');
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
