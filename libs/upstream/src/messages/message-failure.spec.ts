import { NobodyListensError, toConnectFailure, toLossFailure, toMessageFailure } from './message-failure.js';

const coded = (code: string) => Object.assign(new Error('words'), { code });

test.each([
  ['a closed connection', new Error('Connection closed'), 'unreachable', 'if_idempotent'],
  ['a reset', coded('ECONNRESET'), 'unreachable', 'if_idempotent'],
  ['nobody at the other end', new NobodyListensError(), 'unreachable', 'always'],
  [
    'NATS without responders',
    new Error('Empty response. There are no subscribers listening to …'),
    'unreachable',
    'always',
  ],
  ['a text', 'no such handler', 'bad_response', 'never'],
  ['an object', { status: 'error', message: 'words' }, 'bad_response', 'never'],
  ['a status 404', { status: 404, message: 'words' }, 'rejected', 'never'],
  ['a status code 503', { statusCode: 503 }, 'overloaded', 'if_idempotent'],
  ['a status that is none of HTTP', { status: 7 }, 'bad_response', 'never'],
  ['a status of success', { status: 200 }, 'bad_response', 'never'],
  ['nothing', undefined, 'bad_response', 'never'],
])('%s is %s', (_what, thrown, reason, retry) => {
  expect(toMessageFailure('echo', thrown)).toMatchObject({ upstream: 'echo', reason, retry });
});

test('a mistake of ours comes back as it is', () => {
  const mistake = new TypeError('Do not know how to serialize a BigInt');
  expect(toMessageFailure('echo', mistake)).toBe(mistake);
});

test('of a long error reply the message says 200 characters', () => {
  const { message } = toMessageFailure('echo', { words: 'x'.repeat(10_000) }) as Error;
  expect(message.length).toBeLessThan(250);
});

test.each([
  ['the code', coded('ECONNREFUSED'), 'ECONNREFUSED'],
  ['the code of the error inside', { err: coded('ENOTFOUND'), url: 'amqp://me:secret@mq' }, 'ENOTFOUND'],
  ['the first line', new Error('no way\nat once'), 'no way)'],
  ['a text', 'Connection lost', 'Connection lost'],
  ['that nothing is known', undefined, 'unknown'],
])('of a failure to connect, %s is told', (_what, thrown, words) => {
  const failure = toConnectFailure('echo', thrown);
  expect(failure).toMatchObject({ reason: 'unreachable', retry: 'always' });
  expect(failure.cause).toBeUndefined();
  expect(failure.message).toContain(words);
});

test('a lost connection is unreachable, one lost by what came over it a bad response', () => {
  expect(toLossFailure('echo', undefined)).toMatchObject({ reason: 'unreachable', retry: 'if_idempotent' });
  expect(toLossFailure('echo', 'Corrupted length')).toMatchObject({ reason: 'bad_response', retry: 'never' });
});
