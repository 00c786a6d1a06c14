import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';
import type { Device, NetworkClass } from '@bff/context';
import { readAppVersion } from '../app-versions/app-version.js';

type Fact = keyof Device;
/** Undefined: it makes no sense. */
type Reader = (text: string) => string | undefined;

const maxLength = 64;
const networks: ReadonlyMap<string, NetworkClass> = new Map([
  ['slow-2g', 'slow'],
  ['2g', 'slow'],
  ['3g', 'medium'],
  ['4g', 'fast'],
]);

const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined);
const readers: readonly (readonly [header: string, fact: Fact, read: Reader])[] = [
  ['x-app-platform', 'platform', (text) => matching(/^[a-z][a-z0-9-]{0,31}$/)(text.toLowerCase())],
  ['x-app-version', 'appVersion', (text) => (readAppVersion(text) === undefined ? undefined : text)],
  ['x-app-os-version', 'osVersion', matching(/^\d{1,9}(?:\.\d{1,9}){0,3}$/)],
  ['x-time-zone', 'timeZone', readTimeZone],
  // Network Information API, and what users of a browser or a phone can choose: https://wicg.github.io/savedata/.
  ['ect', 'network', (text) => networks.get(text.toLowerCase())],
  ['save-data', 'network', (text) => (text.toLowerCase() === 'on' ? 'slow' : undefined)],
];

/** What the headers of a request say of a device; `onWrong` hears of what makes no sense. Undefined: they say nothing. */
export function readDevice(
  headers: IncomingHttpHeaders,
  onWrong: (fact: Fact) => void = () => undefined,
): Device | undefined {
  const device: { -readonly [Name in Fact]?: string } = {};
  let isTold = false;
  for (const [header, fact, read] of readers) {
    const text = headers[header];
    if (text === undefined || text === '') continue;
    isTold = true;
    const value = typeof text === 'string' && text.length <= maxLength ? read(text.trim()) : undefined;
    if (value !== undefined) device[fact] = value;
    // `Save-Data: off` is no mistake, and says nothing.
    else if (header !== 'save-data') onWrong(fact);
  }
  if (!isTold) return undefined;
  const locale = readLocale(headers['accept-language']);
  return { ...device, ...(locale === undefined ? {} : { locale }) } as Device;
}

const zones = new Map<string, string | undefined>();
const maxZones = 1_000;

/** In its canonical spelling. What was asked once is remembered: to find out takes 20 µs. */
function readTimeZone(text: string): string | undefined {
  if (zones.has(text)) return zones.get(text);
  const zone = canonicalZone(text);
  if (zones.size < maxZones) zones.set(text, zone);
  return zone;
}

function canonicalZone(text: string): string | undefined {
  // Intl also takes offsets, such as +01:00.
  if (!/^[A-Za-z]/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** The one that is liked best of an `Accept-Language` (RFC 9110, section 12.5.4), of as much as anybody needs. */
function readLocale(header: string | undefined): string | undefined {
  const accepted = { headers: { 'accept-language': header?.slice(0, 200) } };
  for (const tag of new Negotiator(accepted).languages()) {
    try {
      return Intl.getCanonicalLocales(tag)[0];
    } catch {
      continue;
    }
  }
  return undefined;
}
