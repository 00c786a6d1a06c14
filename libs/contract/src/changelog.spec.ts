import { toChangelog } from './changelog.js';
import type { Change } from './change.js';
import { reviewChanges } from './review.js';

const change = (where: string, severity: Change['severity'] = 'additive'): Change => ({
  kind: severity === 'additive' ? 'field-added' : 'field-removed',
  severity,
  operation: 'GET /a',
  where,
  message: `\`${where}\` changed.`,
});
const declared = {
  change: 'GET /a: total',
  kind: 'field-removed',
  why: 'Not shown.',
  since: '2026-11-21',
} as const;
const review = (...changes: Change[]) => reviewChanges('web-bff', changes, [declared]);
const price = '- `GET /a`, `price`: `price` changed.\n';
const title = '# Changelog of web-bff\n\nWhat changed in the contract, for those who build its frontend.\n';

test('a first changelog has what breaks with its reason, then what is new', () => {
  expect(toChangelog(review(change('price'), change('total', 'breaking')), '', '')).toBe(
    `${title}
## Unreleased

### Breaking

- \`GET /a\`, \`total\`: \`total\` changed. Not shown.

### Additive

${price}`,
  );
});

test('nothing is written while nothing has changed', () => {
  expect(toChangelog(review(), '', '')).toBe('');
  expect(toChangelog(review(), '# Mine\n', '')).toBe('# Mine\n');
});

test('written again it stays the same', () => {
  const once = toChangelog(review(change('price'), change('total', 'breaking')), '', '');
  expect(toChangelog(review(change('price'), change('total', 'breaking')), once, '')).toBe(once);
});

test('what was unreleased at the base stays, and what this branch has taken back goes', () => {
  const atBase = toChangelog(review(change('price')), '', '');
  const before = toChangelog(review(change('size')), atBase, atBase);
  const after = toChangelog(review(change('weight')), before, atBase);
  expect(before.match(/`(price|size|weight)` changed/g)).toEqual(['`price` changed', '`size` changed']);
  expect(after.match(/`(price|size|weight)` changed/g)).toEqual(['`price` changed', '`weight` changed']);
});

test('what people wrote stays, and a release takes its lines along', () => {
  const atBase = `${title}\n## Unreleased\n\n### Additive\n\n${price}`;
  const current = `${title}\n## Unreleased\n\nSoon.\n\n### Notes\n\nMine.\n\n## 2026-11-20\n\n### Additive\n\n${price}`;
  expect(toChangelog(review(change('size')), current, atBase)).toBe(
    `${title}
## Unreleased

### Additive

- \`GET /a\`, \`size\`: \`size\` changed.

Soon.

### Notes

Mine.

## 2026-11-20

### Additive

${price}`,
  );
});
