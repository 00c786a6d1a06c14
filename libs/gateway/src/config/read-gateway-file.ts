import { readFileSync } from 'node:fs';
import { type Alias, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import { GatewayFile } from './gateway-file.js';

/** What one anchor may stand for in all, with the aliases inside of it. */
const maxAliasCount = 100_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Puts before a mistake, which begins with a path such as `upstreams.users.tls`, where in the file that is. */
export type Locate = (mistake: string) => string;

export type GatewayFileResult =
  { readonly file: GatewayFile; readonly locate: Locate } | { readonly mistakes: readonly string[] };

/** Reads `gateway.yaml`, puts `${VAR:default}` in, and names the line of everything that is wrong. */
export function readGatewayFile(path: string, environment: Environment): GatewayFileResult {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { mistakes: [`${path} cannot be read (${codeOf(error)}); GATEWAY_CONFIG names the file to use`] };
  }
  return parseGatewayFile(path, text, environment);
}

export function parseGatewayFile(path: string, text: string, environment: Environment): GatewayFileResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number): string => `${path}:${lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    return {
      mistakes: document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message.split('\n', 1)[0]}`),
    };
  }
  const unset = putVariablesIn(document, environment);
  const plain = toPlain(document);
  if ('mistake' in plain) return { mistakes: [`${at(plain.offset)}: ${plain.mistake}`] };
  const result = GatewayFile.safeParse(plain.value ?? {});
  const mistakes = [
    ...unset.map(({ offset, name }) => `${at(offset)}: \${${name}} is not set and has no default`),
    ...(result.error?.issues ?? []).map((issue) => `${at(offsetOf(document, issue))}: ${describe(issue)}`),
  ];
  if (!result.success || mistakes.length > 0) return { mistakes };
  const locate: Locate = (mistake) => {
    const [names = ''] = /^[^:\s]*/.exec(mistake) ?? [];
    const offset = offsetOfPath(document, names.split('.'));
    return `${offset === undefined ? path : at(offset)}: ${mistake}`;
  };
  return { file: result.data, locate };
}

type Plain = { readonly value: unknown } | { readonly offset: number; readonly mistake: string };

/** The values of a document. Wrong are an alias whose anchor is not before it, and aliases that would fill the memory. */
function toPlain(document: Document.Parsed): Plain {
  const aliases: Alias[] = [];
  const anchors = new Set<string>();
  let unresolved: Alias | undefined;
  visit(document, {
    Alias(_key, node) {
      aliases.push(node);
      if (!anchors.has(node.source)) unresolved ??= node;
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    },
  });
  if (unresolved !== undefined) {
    const { source } = unresolved;
    return { offset: offsetOfAlias(unresolved), mistake: `*${source} has no &${source} before it` };
  }
  try {
    return { value: document.toJS({ maxAliasCount }) as unknown };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const mistake = `its aliases stand for more than ${maxAliasCount} values`;
    return { offset: offsetOfAlias(aliases[0]), mistake };
  }
}

function offsetOfAlias(alias: Alias | undefined): number {
  return alias?.range?.[0] ?? 0;
}

/** Replaces `${NAME}` and `${NAME:default}` in every text value; an empty variable counts as not set. */
function putVariablesIn(
  document: Document.Parsed,
  environment: Environment,
): { offset: number; name: string }[] {
  const unset: { offset: number; name: string }[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      node.value = node.value.replaceAll(
        /\$\{(\w+)(?::([^}]*))?\}/g,
        (_, name: string, otherwise?: string) => {
          const value = environment[name] || otherwise;
          if (value === undefined) unset.push({ offset: node.range?.[0] ?? 0, name });
          return value ?? '';
        },
      );
    },
  });
  return unset;
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return `${where}: ${issue.message}`;
  return `${where === '' ? '' : `${where}: `}unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
}

/** Where in the text an issue is: at the unknown key itself, else at the innermost node that exists. */
function offsetOf(document: Document.Parsed, issue: z.core.$ZodIssue): number {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  return offsetOfPath(document, unknown === undefined ? issue.path : [...issue.path, unknown]) ?? 0;
}

function offsetOfPath(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOfKey(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return undefined;
}

function offsetOfKey(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (typeof parent !== 'object' || parent === null || !('items' in parent)) return undefined;
  for (const item of parent.items as { key?: unknown }[]) {
    if (isScalar(item.key) && item.key.value === path.at(-1)) return item.key.range?.[0];
  }
  return undefined;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
