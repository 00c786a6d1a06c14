import type { Cluster, Redis } from 'ioredis';

/**
 * Each works on one key, so that a cluster has all of it in one slot, and is told the time by Redis alone: the clocks of
 * gateways differ.
 */
export const scripts = {
  compareAndSet: {
    numberOfKeys: 1,
    lua: `
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      if tonumber(ARGV[3]) > 0 then
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
      else
        redis.call('DEL', KEYS[1])
      end
      return 1`,
  },
  count: {
    numberOfKeys: 1,
    lua: `
      local value = redis.call('INCRBY', KEYS[1], ARGV[1])
      local left = redis.call('PTTL', KEYS[1])
      if left < 0 then
        left = tonumber(ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
      end
      return { value, left }`,
  },
  /**
   * A lock is a hash that outlives its holders: the last token, until when it is held (µs), and whether somebody wants
   * word of its end. Tokens are times or, where clocks step back, one more than the last: they grow even when Redis
   * forgets everything. As µs they are whole numbers below 2^53 until the year 2255.
   */
  takeLock: {
    numberOfKeys: 1,
    lua: `
      local time = redis.call('TIME')
      local now = time[1] * 1000000 + time[2]
      local known = redis.call('HMGET', KEYS[1], 'token', 'until')
      local heldFor = (tonumber(known[2]) or 0) - now
      if heldFor > 0 then
        if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'awaited', '1') end
        return { 0, math.ceil(heldFor / 1000) }
      end
      local token = math.max((tonumber(known[1]) or 0) + 1, now)
      redis.call('HSET', KEYS[1],
        'token', string.format('%.0f', token),
        'until', string.format('%.0f', now + ARGV[1] * 1000))
      redis.call('PEXPIRE', KEYS[1], ARGV[1] + ARGV[3])
      return { token, 0 }`,
  },
  releaseLock: {
    numberOfKeys: 1,
    lua: `
      if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
      redis.call('HDEL', KEYS[1], 'until')
      if redis.call('HDEL', KEYS[1], 'awaited') == 1 then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
      return 1`,
  },
  /** In a cluster all messages of one channel go by one node: else they would overtake each other. */
  publishByKey: {
    numberOfKeys: 1,
    lua: `return redis.call('PUBLISH', KEYS[1], ARGV[1])`,
  },
} as const;

interface ScriptCalls {
  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<0 | 1>;
  count(key: string, by: number, ttlMs: number): Promise<[value: number, expiresInMs: number]>;
  /** Token 0: it is held for that long. */
  takeLock(
    key: string,
    ttlMs: number,
    wantsWord: 0 | 1,
    keepMs: number,
  ): Promise<[token: number, heldForMs: number]>;
  releaseLock(key: string, token: number, channel: string, message: string): Promise<0 | 1>;
  publishByKey(channel: string, message: string): Promise<number>;
}

export type RedisClient = (Redis | Cluster) & ScriptCalls;
