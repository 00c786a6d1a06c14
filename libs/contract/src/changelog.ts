import { type ChangeGroup, usersOf } from './change-group.js';
import { oneLine } from './report.js';
import type { Review } from './review.js';

const unreleased = '## Unreleased';
const headings = ['### Breaking', '### Additive'] as const;

/**
 * CHANGELOG.md with everything under "Unreleased" that changed: what stood there at the base, and what changed since.
 * Everything else in `current` stays as it is. Empty while there is nothing to tell.
 */
export function toChangelog(review: Review, current: string, atBase: string): string {
  const [head, section, rest] = splitAtUnreleased(current || titleOf(review.app));
  const [, sectionAtBase] = splitAtUnreleased(atBase);
  const lists = headings.map((heading) => {
    const released = new Set((head + rest).split('\n'));
    const kept = linesUnder(heading, sectionAtBase).filter((line) => !released.has(line));
    return [heading, [...new Set([...kept, ...linesOf(heading, review)])]] as const;
  });
  const told = lists.filter(([, lines]) => lines.length > 0);
  if (told.length === 0 && section === '') return current;
  const own = told.map(([heading, lines]) => `${heading}\n\n${lines.join('\n')}`);
  const parts = [head.trimEnd(), unreleased, ...own, ...otherParts(section), rest.trim()];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const titleOf = (app: string): string =>
  `# Changelog of ${app}\n\nWhat changed in the contract, for those who build its frontend.\n`;

/** Before the section, in it, and after it; a section that is not there would come before all others. */
function splitAtUnreleased(text: string): readonly [head: string, section: string, rest: string] {
  const [before = '', ...sections] = text.split(/^(?=## )/m);
  const at = sections.findIndex((section) => section.trimEnd().split('\n')[0] === unreleased);
  if (at < 0) return [before, '', sections.join('')];
  return [before + sections.slice(0, at).join(''), sections[at] ?? '', sections.slice(at + 1).join('')];
}

function linesUnder(heading: string, section: string): readonly string[] {
  const part = section.split(/^(?=### )/m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  return part.split('\n').filter((line) => line.startsWith('- '));
}

/** What people wrote there under headings of their own, or under none. */
function otherParts(section: string): readonly string[] {
  const [first = '', ...others] = section.split(/^(?=### )/m);
  const theirs = others.filter((part) => headings.every((heading) => !part.startsWith(`${heading}\n`)));
  return [first.replace(unreleased, ''), ...theirs].map((part) => part.trim());
}

function linesOf(heading: (typeof headings)[number], review: Review): readonly string[] {
  if (heading === '### Additive') return review.additive.map(lineOf);
  const declared = review.declared.map(([group, { why }]) => `${lineOf(group)} ${oneLine(why)}`);
  return [...review.undeclared.map(lineOf), ...declared];
}

function lineOf(group: ChangeGroup): string {
  const { operation, where, message } = group;
  const users = usersOf(group);
  return `- \`${operation}\`, \`${where}\`: ${message}${users && ` In ${users}.`}`;
}
