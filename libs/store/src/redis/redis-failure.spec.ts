import { Redis } from 'ioredis';
import { describeWithBroker, startRedis } from '@bff/testing';
import { describeFailure, meansAway } from './redis-failure.js';

describeWithBroker('redis', () => {
  test('a command that Redis does not know is told without what it was given', async () => {
    await using broker = await startRedis();
    const redis = new Redis(broker.url);
    const error: unknown = await redis.call('NOSUCH', 'AUTH', 'secret').catch((reason: unknown) => reason);
    redis.disconnect();
    expect(String(error)).toContain('secret');
    expect(describeFailure(error)).toBe("ERR unknown command 'NOSUCH'");
    expect(meansAway(error)).toBe(false);
  });
});

test.each([
  ['no answer within 250 ms', 'Error', true],
  ['Connection is closed.', 'Error', true],
  ["READONLY You can't write against a read only replica.", 'ReplyError', true],
  ['LOADING Redis is loading the dataset in memory', 'ReplyError', true],
  ['CLUSTERDOWN The cluster is down', 'ReplyError', true],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'ReplyError', false],
  ['NOPERM this user has no permissions', 'ReplyError', false],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'ReplyError', false],
])('after %s (%s) it is away: %p', (message, name, expected) => {
  expect(meansAway(Object.assign(new Error(message), { name }))).toBe(expected);
});
