import { calculateJwkThumbprint } from 'jose';
import { deriveAssertionKey, toAssertionKey } from './assertion-key.js';

/** Of P-256, as SEC 2 has it (section 2.4.2). */
const order = Buffer.from('FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551', 'hex');

test('a secret has one key, and another secret another one', () => {
  const keys = ['one', 'one', 'other'].map((secret) => deriveAssertionKey(secret).jwk);
  expect(keys[0]).toEqual(keys[1]);
  expect(keys[0]?.x).not.toBe(keys[2]?.x);
});

test('the key of a secret stays the same from version to version', () => {
  expect(deriveAssertionKey('development-only-session-secret-0123456789').jwk.kid).toBe(
    'Tf7gIwxmnaCQ3xnu1daARS1P99XwB_v7IRfnwc-tKl0',
  );
});

test('a key is called by its thumbprint (RFC 7638), and its public half says nothing of the private one', async () => {
  const { jwk } = deriveAssertionKey('one');
  expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk, 'sha256'));
  expect(Object.keys(jwk)).not.toContain('d');
});

test('its public half is that of its private one', () => {
  const { key, jwk } = deriveAssertionKey('one');
  expect(key.export({ format: 'jwk' })).toMatchObject({ crv: 'P-256', x: jwk.x, y: jwk.y });
});

test.each([
  ['zero', Buffer.alloc(32)],
  ['the order of the curve', order],
  ['the largest number', Buffer.alloc(32, 0xff)],
])('%s is no private key, so the next candidate is taken', (_what, candidate) => {
  expect(toAssertionKey(candidate)).toBeUndefined();
});

test('the number below the order of the curve is a private key', () => {
  const last = Buffer.from(order);
  last.writeUInt8(last.readUInt8(31) - 1, 31);
  expect(toAssertionKey(last)?.jwk.crv).toBe('P-256');
});
