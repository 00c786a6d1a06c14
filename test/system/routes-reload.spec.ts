import { readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { until } from '@bff/testing';
import { parse, stringify } from 'yaml';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const route = (name: string, path: string, rewrite: string) => ({
  name,
  match: { path },
  upstream: 'legacy',
  rewrite,
  access: { public: true },
});

/** The file of a gateway that runs, edited as a team does it. */
function edit({ file: { path } }: ProxyWorld, change: (config: Config) => object): void {
  const config = parse(readFileSync(path, 'utf8')) as Config;
  writeFileSync(path, stringify({ ...config, ...change(config) }));
}

interface Config {
  readonly upstreams: { readonly legacy: object };
  readonly routes: readonly object[];
}

/** Answers with the path that has arrived. */
const echo: ProxyWorld['serve'] = ({ url }, response) => void response.end(url);

test('a hundred edits of routes during 10,000 calls fail none, count from the next call on, and leave no connection behind', async () => {
  await using world = await startProxyWorld({ routes: [route('moving', '/moving/:id', '/v0/:id')] });
  const open = new Set<Socket>();
  world.serve = (request, response, body) => {
    const { socket } = request;
    if (!open.has(socket)) socket.once('close', () => open.delete(socket));
    open.add(socket);
    echo(request, response, body);
  };
  const { anonymous } = world.bff;
  const wrong: unknown[] = [];
  let [calls, edits] = [0, 0];
  const caller = async (): Promise<void> => {
    while (calls < 10_000 || edits < 100) {
      calls += 1;
      const oldest = edits;
      const { status, text } = await anonymous.get('/moving/1');
      const [, version] = /^\/v(\d+)\/1$/.exec(text) ?? [];
      const isInTime = Number(version) >= oldest && Number(version) <= edits;
      if (status !== 200 || !isInTime) wrong.push([status, text, oldest, edits]);
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  for (let next = 1; next <= 100; next += 1) {
    await until('some calls went by', () => calls > next * 95, 60_000);
    // An upstream that is set anew has connections of its own; each tenth edit is broken.
    const legacy = { url: world.legacyUrl, timeout: `${1_000 + next}ms` };
    if (next % 10 === 0) {
      edit(world, () => ({ routes: [{ name: 'broken' }] }));
      world.bff.gateway.reload('test');
    }
    edit(world, ({ upstreams }) => ({
      upstreams: next % 5 === 0 ? { ...upstreams, legacy } : upstreams,
      routes: [route('moving', '/moving/:id', `/v${next}/:id`)],
    }));
    world.bff.gateway.reload('test');
    edits = next;
    expect((await anonymous.get('/moving/2')).text).toBe(`/v${next}/2`);
  }
  await Promise.all(callers);
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(calls).toBeGreaterThanOrEqual(10_000);
  // What is gone of an upstream has 10 s to finish.
  await until('the connections of before are closed', () => open.size <= callers.length + 1, 20_000);
}, 120_000);

test('10,000 routes are a table like any other: each leads to its place, also after an edit of one', async () => {
  const path = (number: number): string =>
    [`/area-${number % 100}/item-${number}`, `/by-name-${number}/:id`, `/rest/${number}/**`][number % 3] ??
    '';
  const rewrite = (number: number): string =>
    [`/literal/${number}`, `/named/${number}/:id`, `/rest-of/${number}/**`][number % 3] ?? '';
  const routes = Array.from({ length: 10_000 }, (_, number) =>
    route(`r-${number}`, path(number), rewrite(number)),
  );
  await using world = await startProxyWorld({ routes });
  world.serve = echo;
  const asked = (number: number): string => path(number).replace(':id', 'x%20y').replace('**', 'a/b?c=1');
  const arrives = (number: number): string =>
    rewrite(number).replace(':id', 'x%20y').replace('**', 'a/b?c=1');
  const some = [0, 1, 2, 9_997, 9_998, 9_999, ...Array.from({ length: 300 }, (_, index) => index * 33 + 5)];
  const { anonymous, management } = world.bff;
  for (const number of some) expect((await anonymous.get(asked(number))).text).toBe(arrives(number));
  for (const none of ['/area-1/item-2', '/by-name-1', '/rest/10000/a', '/area-100/item-0'])
    expect((await anonymous.get(none)).status).toBe(404);
  const listed = (await management.get('/routes')).body as { name?: string }[];
  expect(listed.filter(({ name }) => name?.startsWith('r-'))).toHaveLength(10_000);

  edit(world, (config) => ({
    routes: config.routes.map((one, number) =>
      number === 4_998 ? route('r-4998', path(number), '/moved') : one,
    ),
  }));
  // Seen by itself, once: to read as much takes a second or two, in which nothing else is done.
  await until('the edit counts', async () => (await anonymous.get(asked(4_998))).text === '/moved', 30_000);
  for (const number of some.filter((one) => one !== 4_998).slice(0, 50))
    expect((await anonymous.get(asked(number))).text).toBe(arrives(number));
}, 120_000);
