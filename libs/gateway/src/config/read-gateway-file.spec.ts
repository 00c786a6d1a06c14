import { parseGatewayFile } from './read-gateway-file.js';

const mistakesOf = (text: string): readonly string[] => {
  const result = parseGatewayFile('gateway.yaml', text, {});
  return 'mistakes' in result ? result.mistakes : [];
};

test('what many routes have in common may be written down once', () => {
  const routes = Array.from(
    { length: 1_000 },
    (_, number) =>
      `  - { name: r-${number}, match: { path: /${number} }, upstream: users, access: ${number === 0 ? '&open { public: true }' : '*open'} }`,
  );
  const text = ['upstreams: { users: { url: http://users } }', 'routes:', ...routes].join('\n');
  expect(parseGatewayFile('gateway.yaml', text, {})).toMatchObject({ file: { routes: { length: 1_000 } } });
});

test('an alias of nothing is told with its line', () => {
  expect(mistakesOf('upstreams:\n  users: { url: http://users }\nlimits: *none\n')).toEqual([
    expect.stringMatching(/^gateway\.yaml:3: .*none/),
  ]);
});

test('aliases of aliases of aliases that would fill the memory are told with a line', () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const members = level === 0 ? 'x' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 10 }, () => members).join(', ')}]`;
  });
  expect(mistakesOf(levels.join('\n'))).toEqual([expect.stringMatching(/^gateway\.yaml:\d+: .*aliases/)]);
});
