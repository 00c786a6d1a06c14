import { readFileSync } from 'node:fs';
import { type Endpoint, type StoreUrl, StoreUrlError } from './store-url.js';

interface Form {
  readonly kind: StoreUrl['kind'];
  readonly defaultPort: number;
  readonly path: RegExp;
  readonly settings: readonly string[];
  readonly example: string;
}

const forms = new Map<string, Form>([
  [
    'redis',
    {
      kind: 'single',
      defaultPort: 6379,
      path: /^(?:\/(?<database>\d{0,5}))?$/,
      settings: ['prefix', 'ca'],
      example: 'redis://user:password@host:6379/0',
    },
  ],
  [
    'redis-sentinel',
    {
      kind: 'sentinel',
      defaultPort: 26_379,
      path: /^\/(?<masterName>[^/]+)(?:\/(?<database>\d{1,5}))?$/,
      settings: ['prefix', 'ca', 'sentinelPassword'],
      example: 'redis-sentinel://user:password@host1:26379,host2:26379/masterName/0',
    },
  ],
  [
    'redis-cluster',
    {
      kind: 'cluster',
      defaultPort: 6379,
      path: /^\/?$/,
      settings: ['prefix', 'ca'],
      example: 'redis-cluster://user:password@host1:6379,host2:6379',
    },
  ],
]);

const parts = /^(?:(?<login>[^/?#]*)@)?(?<hosts>[^@/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;

/** Throws StoreUrlError. Reads the file that `ca` names. */
export function readStoreUrl(text: string): StoreUrl {
  const [, scheme = '', rest = ''] = /^([a-z-]+):\/\/(.*)$/is.exec(text.trim()) ?? [];
  const tls = /^rediss(-|$)/i.test(scheme);
  const form = forms.get(scheme.toLowerCase().replace(/^rediss/, 'redis'));
  if (form === undefined)
    return refuse('it begins with none of redis://, redis-sentinel:// and redis-cluster:// (rediss for TLS)');
  const { login, hosts = '', path = '', query = '' } = parts.exec(rest)?.groups ?? {};
  const place = form.path.exec(path);
  if (rest.includes('#') || path.includes('@'))
    return refuse('a password may hold / as %2F, ? as %3F and # as %23 only');
  if (place === null) return refuse('what follows its hosts is wrong', form);
  const settings = readSettings(query, form);
  return {
    kind: form.kind,
    tls,
    endpoints: readEndpoints(hosts, form),
    ...readLogin(login),
    sentinelPassword: settings.get('sentinelPassword') ?? undefined,
    database: Number(place.groups?.['database'] ?? 0),
    masterName: decode(place.groups?.['masterName'] ?? ''),
    prefix: settings.get('prefix') ?? '',
    ca: readCertificates(settings.get('ca'), tls),
  };
}

function refuse(mistake: string, form?: Form, cause?: unknown): never {
  const hint = form === undefined ? '' : `; write it like ${form.example}`;
  throw new StoreUrlError(`the URL of the store cannot be meant: ${mistake}${hint}`, { cause });
}

function readEndpoints(text: string, form: Form): Endpoint[] {
  const endpoints = text.split(',').map((part) => {
    const found = /^(?:\[(?<address>[\da-f:.]+)\]|(?<name>[\w.-]+))(?::(?<port>\d+))?$/i.exec(part.trim());
    if (found === null) return refuse('a host in it is missing or wrong', form);
    const { address, name, port } = found.groups ?? {};
    const number = Number(port ?? form.defaultPort);
    if (number < 1 || number > 65_535) return refuse('a port in it is not between 1 and 65535', form);
    return { host: address ?? name ?? '', port: number };
  });
  if (form.kind === 'single' && endpoints.length > 1)
    return refuse('it has several hosts: begin it with redis-sentinel:// or redis-cluster://');
  return endpoints;
}

function readLogin(login: string | undefined): Pick<StoreUrl, 'username' | 'password'> {
  if (login === undefined) return { username: undefined, password: undefined };
  const colon = login.indexOf(':');
  if (colon < 0) return refuse('before its @ there is no colon: write user:password@ or :password@');
  return {
    username: decode(login.slice(0, colon)) || undefined,
    password: decode(login.slice(colon + 1)) || undefined,
  };
}

function readSettings(query: string, form: Form): URLSearchParams {
  const settings = new URLSearchParams(query);
  for (const name of settings.keys())
    if (!form.settings.includes(name) || settings.getAll(name).length > 1)
      return refuse(`after its ? only ${form.settings.join(', ')} may stand, each once`);
  return settings;
}

function readCertificates(path: string | null, tls: boolean): string | undefined {
  if (path === null) return undefined;
  if (!tls) return refuse('ca is for TLS: begin it with rediss');
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return refuse('the file that ca names cannot be read', undefined, error);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    return refuse('the file that ca names is no certificate in PEM');
  return text;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('a percent sign in it stands for no character; write it as %25');
  }
}
