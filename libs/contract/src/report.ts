import { type ChangeGroup, usersOf } from './change-group.js';
import { type DeclaredBreak, unanswered } from './declared-break.js';
import type { Review } from './review.js';

/** What became of one app's contract, for a terminal: what breaks comes first. */
export function toReport({ app, undeclared, declared, additive, unused }: Review): string {
  if (undeclared.length + declared.length + additive.length + unused.length === 0) {
    return `${app}: nothing changed.`;
  }
  return [
    `${app}:`,
    ...undeclared.flatMap((group) => told('BREAKING', group)),
    ...declared.flatMap(([group, { why, since }]) => [
      ...told('declared', group),
      indented(`Since ${since}: ${oneLine(why)}`),
    ]),
    ...additive.flatMap((group) => told('additive', group)),
    ...unused.map(
      ({ change, kind }) =>
        `  out of date: "${change}" (${kind}) is declared in contract-changes.yaml and nothing like it changed`,
    ),
  ].join('\n');
}

function told(label: string, group: ChangeGroup): string[] {
  const { operation, where, kind, message } = group;
  const users = usersOf(group);
  return [
    `  ${label}  ${operation}: ${where}`,
    indented(`${message} (${kind})`),
    ...(users ? [indented(`In ${users}`)] : []),
  ];
}

const indented = (line: string): string => `            ${line}`;

/** The entries of contract-changes.yaml that declare what is not declared; `why` is left to be filled in. */
export function toDeclarations(reviews: readonly Review[], since: string): string {
  return reviews
    .filter(({ undeclared }) => undeclared.length > 0)
    .flatMap(({ app, undeclared }) => [`${app}:`, ...new Set(undeclared.map((group) => entry(group, since)))])
    .join('\n');
}

function entry({ operation, where, kind }: ChangeGroup, since: string): string {
  const change: DeclaredBreak['change'] = `${operation}: ${where}`;
  return [
    `  - change: '${change.replaceAll("'", "''")}'`,
    `    kind: ${kind}`,
    `    why: ${unanswered}`,
    `    since: ${since}`,
  ].join('\n');
}

export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
