import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport } from './transport.js';

interface View {
  readonly user: { readonly name: string };
  readonly orders: readonly string[];
}
type Send = string | Uint8Array;

/** What a client reads of an answer that comes in these pieces; `destroyed`: the connection breaks after them. */
async function read(pieces: readonly Send[], end: 'ended' | 'destroyed' = 'ended'): Promise<unknown[]> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/x-ndjson');
    void (async () => {
      for (const piece of pieces) {
        await new Promise<unknown>((resolve) => {
          response.write(piece, resolve);
        });
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
      }
      if (end === 'ended') response.end();
      else response.destroy();
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const records: unknown[] = [];
  try {
    const stream = createTransport({ baseUrl }).stream<unknown>({ method: 'GET', path: '/view' });
    for await (const record of stream) records.push(record);
    return records;
  } catch (thrown) {
    return [...records, thrown];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const start = '{"event":"start","view":"View","sections":["user"]}\n';
const user: { event: 'section'; section: keyof View; status: 'ok'; data: View['user'] } = {
  event: 'section',
  section: 'user',
  status: 'ok',
  data: { name: 'Ada Łovelace 😀' },
};
const complete = { event: 'complete', _meta: { complete: true, sections: { user: { status: 'ok' } } } };
const records = [JSON.parse(start), user, complete];

test('records are read whatever the network cuts, in the middle of a character too', async () => {
  const bytes = new TextEncoder().encode(
    start + [user, complete].map((one) => JSON.stringify(one)).join('\n'),
  );
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_one, at) =>
    bytes.slice(at * 7, at * 7 + 7),
  );
  expect(await read(pieces)).toEqual(records);
});

test('heartbeats, empty lines and line breaks of Windows are no records', async () => {
  const lines = [start.trim(), '', '{"event":"heartbeat"}', JSON.stringify(user), JSON.stringify(complete)];
  expect(await read([lines.map((line) => `${line}\r\n`).join('')])).toEqual(records);
});

test.each([
  ['ends', 'ended', ''],
  ['ends in the middle of a line', 'ended', '{"event":"compl'],
  ['breaks', 'destroyed', ''],
] as const)(
  'an answer that %s before it is complete was cut off, after what came',
  async (_what, end, half) => {
    const [first, second, thrown] = await read([start, `${JSON.stringify(user)}\n`, half || '\n'], end);
    expect([first, second]).toEqual(records.slice(0, 2));
    expect(thrown).toMatchObject({ name: 'CutOffError', sections: ['user'] });
  },
);

test('a problem is thrown when it comes', async () => {
  const problem = { type: 'urn:bff:upstream_timeout', title: 'Too late', status: 504, requestId: 'r-1' };
  const [, thrown] = await read([start, JSON.stringify({ event: 'problem', problem })]);
  expect(thrown).toMatchObject({ name: 'ApiProblem', code: 'upstream_timeout', status: 504, problem });
});

test('a page of something in between is no answer of a gateway', async () => {
  expect(await read(['<html>\n', '<body>Sign in to this network</body>\n'])).toMatchObject([
    { name: 'UnexpectedAnswerError', status: 200 },
  ]);
});
