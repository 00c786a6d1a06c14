import type { Request } from 'express';
import { isSameTarget } from './http-target.js';

const asked = (originalUrl: string, host = 'api.example.com', protocol = 'https'): Request =>
  ({ originalUrl, host, protocol }) as Request;

test.each([
  ['https://api.example.com/v1/home', '/v1/home'],
  ['https://api.example.com/v1/home?a#b', '/v1/home?c'],
  ['HTTPS://API.example.com:443/v1/home', '/v1/home'],
  ['https://api.example.com', '/'],
  ['https://api.example.com/v1/../v1/./home', '/v1/home'],
  ['https://api.example.com/%7Eada/%e2%82%ac', '/~ada/%E2%82%AC'],
])('%s is where %s was asked for', (htu, path) => {
  expect(isSameTarget(htu, asked(path))).toBe(true);
});

test.each([
  ['https://api.example.com/v1/home/', '/v1/home'],
  ['https://api.example.com/v1/Home', '/v1/home'],
  ['https://api.example.com/a%2Fb', '/a/b'],
  ['https://evil.example/x', '//evil.example/x'],
  ['https://evil.example/x', 'https://evil.example/x'],
  ['https://api.example.comhttps//evil.example/x', 'https://evil.example/x'],
  ['https://evil.example/x', '@evil.example/x'],
  ['https://me@api.example.com/', '/'],
  ['https://api.example.com.evil.example/', '/'],
  ['ftp://api.example.com/', '/'],
  ['urn:x', '/'],
  ['', '/'],
])('%s is not where %s was asked for', (htu, path) => {
  expect(isSameTarget(htu, asked(path))).toBe(false);
});

test('a request without a usable host is at no address', () => {
  expect(isSameTarget('https://x/', asked('/', '', 'https'))).toBe(false);
  expect(isSameTarget('', asked('/', 'a b', 'https'))).toBe(false);
});
