import { decodeBytes } from './decode-bytes.js';

/** What a request asks for, as it came. */
export interface RequestPath {
  readonly path: string;
  /** With its `?`; empty where there is none. */
  readonly query: string;
}

/**
 * The path and query of a request's target (RFC 9112, section 3.2.1). Undefined for whatever two programs could read
 * as two paths, in any depth of encoding: dot segments, encoded or reversed slashes, control characters, empty
 * segments, broken escapes; and for any form of a target but a path.
 */
export function readPath(target: string): RequestPath | undefined {
  if (!isPlainText(target)) return undefined;
  const end = target.indexOf('?');
  const path = end < 0 ? target : target.slice(0, end);
  return isOnePath(path) ? { path, query: end < 0 ? '' : target.slice(end) } : undefined;
}

/** Begins with a slash; nothing but visible ASCII, and no fragment. */
function isPlainText(target: string): boolean {
  if (target.charCodeAt(0) !== 0x2f) return false;
  for (let index = 0; index < target.length; index += 1) {
    const code = target.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f || code === 0x23) return false;
  }
  return true;
}

function isOnePath(path: string): boolean {
  if (path.includes('//') || path.includes('\\')) return false;
  const isPlain = !path.includes('%') && !path.includes(';');
  if (isPlain) return !path.includes('/.') || !path.split('/').some(isDotSegment);
  return path.split('/').slice(1).every(isOneSegment);
}

/** Nobody encodes more often, and each turn costs. */
const maxDepth = 4;

/** Whether a segment stays one segment, whoever decodes it, and however often. */
function isOneSegment(segment: string): boolean {
  if (/%(?![\da-f]{2})/i.test(segment)) return false;
  let text = segment;
  for (let depth = 0; depth <= maxDepth; depth += 1) {
    if (isOutOfPlace(text)) return false;
    const decoded = decodeBytes(text);
    if (decoded === text) return true;
    text = decoded;
  }
  return false;
}

/** Slashes, controls, and what careless decoders of UTF-8 take for them: longer forms than needed. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const trap = /[/\\\0-\x1f\x7f]|\xc2[\x80-\x9f]|[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f]|\xf0[\x80-\x8f]/;

function isOutOfPlace(text: string): boolean {
  if (trap.test(text)) return true;
  // Some servers cut a segment at `;` before they look at it: `..;x` is `..` to them.
  const cut = text.indexOf(';');
  const name = (cut < 0 ? text : text.slice(0, cut)).trim();
  return isDotSegment(name) || (cut >= 0 && name === '');
}

function isDotSegment(name: string): boolean {
  return name === '.' || name === '..';
}
