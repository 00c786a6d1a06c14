import { readTemplate } from './path-template.js';
import { TemplateError } from './template.error.js';

test('a template is literals, parameters and the rest', () => {
  expect(readTemplate('/users/:id/**')).toEqual({
    text: '/users/:id/**',
    segments: [
      { kind: 'literal', text: 'users', key: 'users' },
      { kind: 'param', name: 'id' },
    ],
    hasRest: true,
    params: ['id', '**'],
  });
});

test('a literal keeps how it was written, and is compared by what it means', () => {
  expect(readTemplate('/caf%C3%A9').segments).toEqual([{ kind: 'literal', text: 'caf%C3%A9', key: 'cafÃ©' }]);
});

test.each([
  ['users', 'begins with a slash'],
  ['', 'begins with a slash'],
  ['/**/users', 'behind **'],
  ['/users/*', 'only **'],
  ['/users/a*', 'only **'],
  ['/:a/:a', 'two parameters :a'],
  ['/:', 'the parameter :'],
  ['/:a-b', 'the parameter :a-b'],
  ['/:1', 'the parameter :1'],
  ['/a//b', 'no //'],
  ['/a/../b', 'no //'],
  ['/a%2fb', 'no //'],
  ['/é', 'no //'],
  ['/a?b', 'no //'],
  ['/a;b', 'has a ;'],
])('%s is refused, with what is wrong', (text, mistake) => {
  expect(() => readTemplate(text)).toThrow(TemplateError);
  expect(() => readTemplate(text)).toThrow(mistake);
});
