import { generateApiKey, hashApiKey, isApiKey } from './api-key.js';

test('a thousand new keys are a thousand keys, and all look like one', () => {
  const keys = Array.from({ length: 1_000 }, generateApiKey);
  expect(new Set(keys).size).toBe(1_000);
  for (const key of keys) {
    expect(key).toMatch(/^bff_[A-Za-z0-9_-]{49}$/);
    expect(isApiKey(key)).toBe(true);
  }
});

test('any one wrong letter, and any two that changed places, are noticed', () => {
  const key = generateApiKey();
  for (let index = 0; index < key.length; index += 1) {
    const [letter = '', next = ''] = key.slice(index);
    const wrong = key.slice(0, index) + (letter === 'A' ? 'B' : 'A') + key.slice(index + 1);
    expect(isApiKey(wrong)).toBe(false);
    const swapped = key.slice(0, index) + next + letter + key.slice(index + 2);
    expect(isApiKey(swapped)).toBe(swapped === key);
  }
});

test('the form stays: keys that were handed out must be taken for ever', () => {
  const key = 'bff_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8Hlt2lA';
  expect(isApiKey(key)).toBe(true);
  expect(hashApiKey(key)).toBe('66374ecfe859f00fc67ff7532337683d1bbc883009139941ed982d12a2cd7ad7');
});
