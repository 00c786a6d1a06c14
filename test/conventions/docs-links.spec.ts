import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './packages.js';

const pages = globSync(
  ['*.md', 'docs/**/*.md', '{apps,libs,bench,deploy}/*/README.md', '{bench,deploy}/README.md'],
  {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  },
);

test('there are pages', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/routes.md', 'docs/decisions/README.md']));
});

test.each(pages)('every link of %s to a place in the repository leads somewhere', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```.*?^```/gms, '');
  const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
    ([, target = '']) => target,
  );
  const missing = targets.filter((target) => !existsSync(join(root, dirname(page), target)));
  expect(missing.map((target) => relative(root, join(root, dirname(page), target)))).toEqual([]);
});
