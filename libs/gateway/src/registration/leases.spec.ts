import { Leases } from './leases.js';
import type { Refusal } from './refusal.error.js';
import { issuersOf, signedAt } from './registration.fixture.js';

const startMs = 1_800_000_000_000;
const reviews = { iss: 'reviews' };

function open(issuers = issuersOf({ reviews: ['/api/reviews'], rival: ['/api/reviews'], shop: ['/api'] })) {
  const leases = new Leases();
  leases.configure(issuers);
  return leases;
}

const instancesOf = (leases: Leases, issuer = 'reviews'): string[] =>
  (leases.all.get(issuer) ?? []).map(({ announcement }) => announcement.instance);
const reasonOf = (take: () => unknown): string | undefined => {
  try {
    take();
    return undefined;
  } catch (error) {
    return (error as Refusal).reason;
  }
};

test('a lease lasts until its end, and no renewal changes anything but that', () => {
  const leases = open();
  expect(leases.take(signedAt(startMs, reviews), startMs)).toBe(true);
  expect(leases.nextEndMs).toBe(startMs + 10_000);
  expect(leases.take(signedAt(startMs + 5_000, { ...reviews, seq: 2 }), startMs + 5_000)).toBe(false);
  expect(leases.nextEndMs).toBe(startMs + 15_000);
  expect(leases.expire(startMs + 14_999)).toBe(false);
  expect(leases.expire(startMs + 15_000)).toBe(true);
  expect(leases.nextEndMs).toBeUndefined();
});

test('a clock that is behind makes no lease longer than it is', () => {
  const leases = open();
  leases.take(signedAt(startMs + 4_000, reviews), startMs);
  expect(leases.nextEndMs).toBe(startMs + 10_000);
});

test.each([
  ['its health', { health: 'draining' as const }],
  ['its targets', { targets: ['http://10.0.0.9:1'] }],
  ['its routes', { routes: [{ name: 'other', path: '/api/reviews/other' }] }],
])('%s is something that changed', (_what, said) => {
  const leases = open();
  leases.take(signedAt(startMs, reviews), startMs);
  expect(leases.take(signedAt(startMs, { ...reviews, seq: 2, ...said }), startMs)).toBe(true);
});

test('what was said before counts no more: not the same, not an older one, and not after its goodbye', () => {
  const leases = open();
  const first = signedAt(startMs, { ...reviews, seq: 5 });
  leases.take(first, startMs);
  expect(reasonOf(() => leases.take(first, startMs))).toBe('replayed');
  expect(reasonOf(() => leases.take(signedAt(startMs, { ...reviews, seq: 4 }), startMs))).toBe('replayed');
  expect(leases.take(signedAt(startMs, { ...reviews, seq: 6, health: 'gone' }), startMs)).toBe(true);
  expect(instancesOf(leases)).toEqual([]);
  expect(reasonOf(() => leases.take(first, startMs))).toBe('replayed');
  // The sequence of another instance, and of another service, is its own.
  leases.take(signedAt(startMs, { ...reviews, instance: 'two' }), startMs);
  expect(instancesOf(leases)).toEqual(['two']);
});

test('a goodbye of one that was never there changes nothing', () => {
  const leases = open();
  expect(leases.take(signedAt(startMs, { ...reviews, health: 'gone' }), startMs)).toBe(false);
});

test.each<[string, Parameters<typeof signedAt>[1]]>([
  ['unknown_issuer', { iss: 'stranger' }],
  ['path_not_allowed', { ...reviews, routes: [{ name: 'a', path: '/api/books' }] }],
  ['path_not_allowed', { ...reviews, routes: [{ name: 'a', path: '/api/:kind' }] }],
  ['path_not_allowed', { iss: 'shop', routes: [{ name: 'a', path: '/api/reviews/:id' }] }],
  ['public_not_allowed', { ...reviews, routes: [{ name: 'a', path: '/api/reviews', public: true }] }],
  [
    'too_many_routes',
    { ...reviews, routes: ['a', 'b', 'c'].map((name) => ({ name, path: `/api/reviews/${name}` })) },
  ],
  ['target_not_allowed', { ...reviews, targets: ['http://11.0.0.1:80'] }],
  ['target_not_allowed', { ...reviews, targets: ['http://10.0.0.1:80/path'] }],
  ['target_not_allowed', { ...reviews, targets: ['http://10.0.0.1:80', 'https://10.0.0.2'] }],
])('%s: %j is refused, and the lease of before stays', (reason, said) => {
  const leases = open();
  leases.take(signedAt(startMs, { ...reviews, instance: 'before' }), startMs);
  expect(reasonOf(() => leases.take(signedAt(startMs, said), startMs))).toBe(reason);
  expect(instancesOf(leases)).toEqual(['before']);
});

test('so many instances as the file allows, each of which may renew itself', () => {
  const leases = open();
  for (const instance of ['one', 'two']) leases.take(signedAt(startMs, { ...reviews, instance }), startMs);
  const third = () => leases.take(signedAt(startMs, { ...reviews, instance: 'three' }), startMs);
  expect(reasonOf(third)).toBe('too_many_instances');
  leases.take(signedAt(startMs, { ...reviews, instance: 'two', seq: 2 }), startMs);
  leases.take(signedAt(startMs, { ...reviews, instance: 'one', seq: 2, health: 'gone' }), startMs);
  third();
  expect(instancesOf(leases)).toEqual(['two', 'three']);
});

test('more instances than a thousand in one lease time are refused, and forgotten with it', () => {
  const leases = open();
  const come = (index: number, atMs: number) =>
    leases.take(signedAt(atMs, { ...reviews, instance: `i-${index}`, health: 'gone' }), atMs);
  for (let index = 0; index < 1_000; index += 1) come(index, startMs);
  expect(reasonOf(() => come(1_000, startMs))).toBe('too_many_instances');
  expect(reasonOf(() => come(1_001, startMs + 10_000))).toBeUndefined();
});

test('of two services with one prefix the first keeps a route, until its lease is over', () => {
  const leases = open();
  leases.take(signedAt(startMs, reviews), startMs);
  const rival = () => leases.take(signedAt(startMs, { iss: 'rival' }), startMs);
  expect(reasonOf(rival)).toBe('path_taken');
  leases.expire(startMs + 10_000);
  expect(reasonOf(rival)).toBeUndefined();
});

test.each([
  ['its key', issuersOf({ reviews: ['/api/reviews'] }, { keys: [] }), 'bad_signature'],
  ['its prefix', issuersOf({ reviews: ['/api/other'] }), 'path_not_allowed'],
  ['its target', issuersOf({ reviews: ['/api/reviews'] }, { targets: [] }), 'target_not_allowed'],
  ['it', issuersOf({ shop: ['/api'] }), 'bad_signature'],
])('who has a lease loses it when the file loses %s', (_what, issuers, reason) => {
  const leases = open();
  leases.take(signedAt(startMs, reviews), startMs);
  expect(leases.configure(issuers).map((refusal) => refusal.reason)).toEqual([reason]);
  expect(instancesOf(leases)).toEqual([]);
});
