import { readMessageUrl } from './read-message-url.js';

test.each([
  ['tcp://echo:3001', { transport: 'tcp', hostname: 'echo', port: 3001, tls: false }],
  ['tcp://[::1]:3001', { transport: 'tcp', hostname: '::1', port: 3001 }],
  ['redis://cache', { transport: 'redis', hostname: 'cache', port: 6379, database: 0, username: undefined }],
  ['rediss://:pass%2Fword@cache:6380/2', { port: 6380, tls: true, database: 2, password: 'pass/word' }],
  ['nats://bus.example.com', { transport: 'nats', hostname: 'bus.example.com', port: 4222 }],
  [
    'amqp://mq/?queue=orders',
    { transport: 'rabbitmq', port: 5672, vhost: '/', queue: 'orders', durable: true },
  ],
  ['amqp://mq?queue=a%20b&durable=false', { vhost: '/', queue: 'a b', durable: false }],
  [
    'amqps://me:secret@mq/shop?queue=q',
    { tls: true, port: 5671, vhost: 'shop', username: 'me', password: 'secret' },
  ],
  ['amqp://mq/%2Fshop?queue=q', { vhost: '/shop' }],
])('%s is read', (text, expected) => {
  expect(readMessageUrl('echo', text)).toMatchObject(expected);
});

test.each([
  ['', 'none of'],
  ['echo:3001', 'none of'],
  ['http://echo', 'none of'],
  ['tcp://echo', 'host or port'],
  ['tcp://:3001', 'none of'],
  ['tcp://echo:0', 'host or port'],
  ['nats://a:1,nats://b:2', 'none of'],
  ['nats://a,b', 'host or port'],
  ['tcp://2130706433:80', 'disguises'],
  ['redis://0x7f.1', 'disguises'],
  ['nats://[::ffff:7f00:1]', 'disguises'],
  ['tcp://echo:3001/path', 'path'],
  ['redis://cache/one', 'path'],
  ['nats://bus#part', 'path'],
  ['tcp://me:secret@echo:3001', 'user name'],
  ['redis://cache?db=2', '"db" is no setting'],
  ['amqp://mq', 'names no queue'],
  ['amqp://mq?queue=', 'names no queue'],
  ['amqp://mq?queue=q&durabel=false', '"durabel" is no setting'],
  ['amqp://mq?queue=q&durable=yes', 'durable is true or false'],
  ['amqp://mq/%?queue=q', 'percent'],
  ['redis://:%zz@cache', 'percent'],
])('%j is refused by the name of its setting: %s', (text, mistake) => {
  expect(() => readMessageUrl('echo', text)).toThrow(`upstreams.echo.url: `);
  expect(() => readMessageUrl('echo', text)).toThrow(mistake);
});

test('what is shown of a URL, or of what is wrong with it, has neither user name nor password', () => {
  expect(readMessageUrl('echo', 'amqp://me:secret@mq/shop?queue=q').displayUrl).toBe(
    'amqp://mq:5672/shop?queue=q',
  );
  expect(readMessageUrl('echo', 'redis://:secret@cache/2').displayUrl).toBe('redis://cache:6379/2');
  for (const wrong of [
    'amqp://me:secret@mq',
    'tcp://me:secret@echo:1',
    'amqp://me:se/cret@mq',
    'x://me:secret@mq',
  ])
    expect(() => readMessageUrl('echo', wrong)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/me:|cret/) }),
    );
});
