import { stringify } from 'yaml';
import { parseGatewayFile } from './read-gateway-file.js';

const good = { minimum: '1.0.0', latest: '2.3.0' };

function mistakesOf(rules: object, platform = 'ios'): readonly string[] {
  const text = stringify({ upstreams: {}, app: { versions: { [platform]: { ...good, ...rules } } } });
  const result = parseGatewayFile('gateway.yaml', text, {});
  return 'mistakes' in result ? result.mistakes : [];
}

test('takes rules that leave the latest version alone', () => {
  const deprecated = { below: '2.0.0', at: '2026-10-01T00:00:00Z', sunset: '2027-01-01T00:00:00Z' };
  expect(
    mistakesOf({ deprecated, blocked: ['1.4.0', '1.5.0 - 1.5.3'], store: 'https://example.com' }),
  ).toEqual([]);
  expect(mistakesOf({ minimum: '2.3', deprecated: { ...deprecated, below: '2.3.0' } })).toEqual([]);
});

test.each([
  [{ minimum: '2.3.1' }, 5, /minimum: would block everybody: it is above the latest version, 2\.3\.0$/],
  [
    { blocked: ['1.0.0', '2.0.0 - 3.0.0'] },
    7,
    /blocked: would leave nothing to update to: it has the latest/,
  ],
  [{ blocked: ['0 - 999999999'] }, 7, /blocked: would leave nothing to update to/],
  [
    { deprecated: { below: '2.4.0', sunset: '2027-01-01T00:00:00Z' } },
    7,
    /deprecated: would leave nothing to update to: below is above the latest/,
  ],
  [{ minimum: 1 }, 5, /minimum: expected a version such as 1\.4\.0, in quotes/],
  [{ latest: 'newest' }, 6, /latest: expected a version/],
  [{ blocked: ['1.5.3 - 1.5.0'] }, 7, /blocked\.0: expected a version such as 1\.4\.0, or the first/],
  [{ blocked: ['>=1.0.0'] }, 7, /blocked\.0: expected/],
  [{ deprecated: { below: '2.0.0' } }, 7, /deprecated: needs at, sunset or both/],
  [{ store: 'javascript:alert(1)' }, 7, /store: expected an http\(s\) URL/],
  [{ maximum: '3.0.0' }, 7, /unknown key "maximum"/],
])('refuses %j, and names its line', (rules, line, mistake) => {
  const [first = '', ...others] = mistakesOf(rules);
  expect(first).toMatch(mistake);
  expect([first.slice(0, `gateway.yaml:${line}:`.length), others]).toEqual([`gateway.yaml:${line}:`, []]);
});

test('refuses a platform that no header can name', () => {
  expect(mistakesOf({}, 'iOS')).toHaveLength(1);
});
