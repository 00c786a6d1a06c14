import type { IncomingHttpHeaders } from 'node:http';
import { readDevice } from './read-device.js';

const phone: IncomingHttpHeaders = {
  'x-app-platform': 'iOS',
  'x-app-version': '2.3.0',
  'x-app-os-version': '18.1',
  'x-time-zone': 'europe/london',
  'accept-language': 'de;q=0.5, en-gb, *;q=0.1',
  ect: '4G',
};

test('what a phone says is read in one spelling', () => {
  expect(readDevice(phone)).toEqual({
    platform: 'ios',
    appVersion: '2.3.0',
    osVersion: '18.1',
    locale: 'en-GB',
    timeZone: 'Europe/London',
    network: 'fast',
  });
});

test('who says nothing of a device is none', () => {
  expect(readDevice({ 'accept-language': 'en', 'user-agent': 'curl' })).toBeUndefined();
});

test.each([
  ['slow-2g', 'slow'],
  ['2g', 'slow'],
  ['3g', 'medium'],
  ['4g', 'fast'],
])('a network of %s is %s, and slow where its user wants little data', (ect, network) => {
  expect(readDevice({ ect })).toEqual({ network });
  expect(readDevice({ ect, 'save-data': 'on' })).toEqual({ network: 'slow' });
  expect(readDevice({ ect, 'save-data': 'off' })).toEqual({ network });
});

test.each<[string, string, string]>([
  ['x-app-platform', 'platform', 'i OS'],
  ['x-app-version', 'appVersion', 'newest'],
  ['x-app-os-version', 'osVersion', '18.x'],
  ['x-time-zone', 'timeZone', 'Europe/Atlantis'],
  ['x-time-zone', 'timeZone', '+01:00'],
  ['x-time-zone', 'timeZone', 'A'.repeat(5_000)],
  ['ect', 'network', '5g'],
  ['ect', 'network', '__proto__'],
])('%s, of which %s makes no sense, counts as not told and is noted', (header, fact, text) => {
  const wrong: string[] = [];
  const device = readDevice({ ...phone, [header]: text }, (name) => wrong.push(name));
  expect(device).not.toHaveProperty(fact);
  expect(device).toMatchObject({ locale: 'en-GB' });
  expect(wrong).toEqual([fact]);
});

test.each([
  ['', undefined],
  ['*', undefined],
  ['x_y, fr', 'fr'],
  ['en;q=0', undefined],
  ['zh-hant-tw', 'zh-Hant-TW'],
])('Accept-Language %j is the locale %s', (header, locale) => {
  expect(readDevice({ ect: '3g', 'accept-language': header })?.locale).toBe(locale);
});
