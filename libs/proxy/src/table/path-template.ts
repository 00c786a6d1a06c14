import { segmentKey } from './decode-bytes.js';
import { readPath } from './read-path.js';
import { TemplateError } from './template.error.js';

/** `/users/:id/**`, read: literal segments, parameters of one segment, and perhaps all the rest. */
export interface PathTemplate {
  readonly text: string;
  /** Without the `**` at the end. A slash at the end is an empty literal. */
  readonly segments: readonly TemplateSegment[];
  /** Ends with `**`, which is any number of segments, none included. */
  readonly hasRest: boolean;
  /** The names of its parameters, `**` included. */
  readonly params: readonly string[];
}

export type TemplateSegment =
  | { readonly kind: 'literal'; readonly text: string; readonly key: string }
  | { readonly kind: 'param'; readonly name: string };

/** The name of what `**` stands for, among the parameters; the text with the slash before it, or empty. */
export const rest = '**';

const paramSyntax = /^:[A-Za-z]\w*$/;

/** Throws TemplateError. */
export function readTemplate(text: string): PathTemplate {
  if (!text.startsWith('/')) throw new TemplateError(text, 'is no path: it begins with a slash');
  const parts = text.slice(1).split('/');
  const hasRest = parts.at(-1) === rest;
  const segments = (hasRest ? parts.slice(0, -1) : parts).map((part) => readSegment(text, part));
  const names = segments.flatMap((segment) => (segment.kind === 'param' ? [segment.name] : []));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TemplateError(text, `has two parameters :${twice}`);
  if (readPath(text)?.path !== text)
    throw new TemplateError(text, 'is a path that no request may have: no //, ., .., %2f, controls or query');
  return { text, segments, hasRest, params: hasRest ? [...names, rest] : names };
}

function readSegment(template: string, part: string): TemplateSegment {
  if (paramSyntax.test(part)) return { kind: 'param', name: part.slice(1) };
  if (part === rest) throw new TemplateError(template, 'has something behind **, which takes all the rest');
  if (part.startsWith(':'))
    throw new TemplateError(template, `has the parameter ${part}; a name is letters, digits and _`);
  if (part.includes('*')) throw new TemplateError(template, 'has a *; only ** as the last segment is known');
  if (part.includes(';')) throw new TemplateError(template, 'has a ;, behind which nothing is compared');
  return { kind: 'literal', text: part, key: segmentKey(part) };
}
