import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Ending } from '@bff/context';
import { listen } from '@bff/testing';
import { EventStreams } from './event-streams.js';

/** What a client heard of a stream that was closed while these were written. */
async function heard(run: (response: ServerResponse, streams: EventStreams) => void) {
  const streams = new EventStreams();
  const ending = new Ending();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    streams.add(response, ending);
    run(response, streams);
  });
  const { url, close } = await listen(server);
  try {
    const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
    return { said: await text(answer), hasEnded: ending.signal.aborted };
  } finally {
    await close();
  }
}
const farewell = /retry: ([2-9]\d{3})\n\n$/;

test.each([
  ['nothing was said yet', []],
  ['an event has ended', ['data: 1\n\n']],
  ['an event has ended as Windows ends lines', ['data: 1\r\n\r\n']],
  ['its end came in two pieces', ['data: 1\n', '\n']],
])('a stream ends with when to come again where %s', async (_when, parts) => {
  const { said, hasEnded } = await heard((response, streams) => {
    for (const part of parts) response.write(Buffer.from(part));
    streams.closeAll();
    response.write(Buffer.from('data: too late\n\n'));
  });
  expect(said).toMatch(farewell);
  expect(said.replace(farewell, '')).toBe(parts.join(''));
  expect(hasEnded).toBe(true);
});

test.each([
  ['within a line', 'data: 1', '23\n\n'],
  ['between the lines of one', 'data: 1\n', 'data: 2\n\n'],
  ['after a line as Windows ends it', 'data: 1\r\n', '\r\n'],
])('an event that is on its way %s passes to its end first', async (_where, begun, rest) => {
  const { said } = await heard((response, streams) => {
    response.write(Buffer.from(begun));
    streams.closeAll();
    setImmediate(() => response.write(Buffer.from(rest)));
  });
  expect(said).toMatch(farewell);
  expect(said.replace(farewell, '')).toBe(begun + rest);
});

test('one that begins when all are closed is told so at once', async () => {
  const { said } = await heard((_response, streams) => streams.closeAll());
  expect(said).toMatch(farewell);
});
