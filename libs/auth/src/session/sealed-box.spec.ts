import { SealedBox } from './sealed-box.js';

const box = new SealedBox(['new secret', 'old secret'], 'test');

test('what was sealed opens at its place and nowhere else', () => {
  const sealed = box.seal('tokens of Ada', 'session 1');
  expect(sealed).not.toContain(Buffer.from('Ada').toString('base64url'));
  expect(box.open(sealed, 'session 1')).toBe('tokens of Ada');
  expect(box.open(sealed, 'session 2')).toBeUndefined();
});

test('an old secret still opens, a new one seals, and one that was taken away does neither', () => {
  const sealedBefore = new SealedBox(['old secret'], 'test').seal('a', 'p');
  expect(box.open(sealedBefore, 'p')).toBe('a');
  expect(new SealedBox(['old secret'], 'test').open(box.seal('a', 'p'), 'p')).toBeUndefined();
  expect(new SealedBox(['new secret'], 'test').open(sealedBefore, 'p')).toBeUndefined();
});

test('one purpose does not open what another one sealed', () => {
  expect(new SealedBox(['new secret'], 'other').open(box.seal('a', 'p'), 'p')).toBeUndefined();
});

test('the same text is sealed differently each time', () => {
  expect(box.seal('a', 'p')).not.toBe(box.seal('a', 'p'));
});

test('what was changed in any byte, cut or made up does not open', () => {
  const sealed = Buffer.from(box.seal('some text', 'p'), 'base64url');
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(box.open(changed.toString('base64url'), 'p')).toBeUndefined();
    expect(box.open(sealed.subarray(0, index).toString('base64url'), 'p')).toBeUndefined();
  }
  for (const text of ['', '!', 'AAAA', '.'.repeat(100)]) expect(box.open(text, 'p')).toBeUndefined();
});

test('without a secret there is no box', () => {
  expect(() => new SealedBox([], 'test')).toThrow('a sealed box needs a secret');
});
