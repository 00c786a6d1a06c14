import { JsonTextError } from './json-text.error.js';
import type { MemberRule, ValueRule } from './json-rules.js';

/** As deep as a body of a request may be. */
const maxDepth = 64;

/**
 * A JSON text with what `rule` makes of it. What passes is copied from the text as it is spelled, so that no number is
 * rounded; of a name that comes twice in an object that has rules the last one counts, and a new name before one that
 * was there. Where only some members are allowed, what has none is left out, but for null.
 * Throws JsonTextError for what is no JSON, or is nested deeper than 64 levels.
 */
export function transformJson(text: string, rule: ValueRule | undefined, wrap?: string): string {
  checkJson(text);
  const value = new JsonWalk(text).whole(rule);
  return wrap === undefined ? value : `{${JSON.stringify(wrap)}:${value}}`;
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new JsonTextError('no JSON', { cause });
  }
}

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

interface Written {
  readonly text: string;
  readonly isRenamed: boolean;
}

/** Goes once through a text that is known to be JSON. */
class JsonWalk {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(rule: ValueRule | undefined): string {
    this.skipBlanks();
    return this.value(rule) ?? 'null';
  }

  /** Undefined: it is left out. */
  private value(rule: ValueRule | undefined): string | undefined {
    if (rule === undefined) return this.copy();
    const character = this.text.charCodeAt(this.at);
    if (character === openObject) return this.object(rule);
    if (character === openArray) return this.array(rule);
    const scalar = this.copy();
    return rule.keepsOthers || scalar === 'null' ? scalar : undefined;
  }

  private array(rule: ValueRule): string {
    const items: string[] = [];
    this.each(closeArray, () => {
      const item = this.value(rule);
      if (item !== undefined) items.push(item);
    });
    return `[${items.join(',')}]`;
  }

  private object(rule: ValueRule): string {
    const members = new Map<string, Written>();
    this.each(closeObject, () => {
      const name = this.name();
      const value = this.member(rule.members.get(name) ?? (rule.keepsOthers ? asItIs : 'drop'));
      if (value === undefined) return;
      const { newName, text } = value;
      const isRenamed = newName !== undefined;
      if (isRenamed || members.get(name)?.isRenamed !== true)
        members.set(newName ?? name, { text, isRenamed });
    });
    return `{${[...members].map(([name, { text }]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
  }

  private member(rule: MemberRule): { newName: string | undefined; text: string } | undefined {
    const text = this.value(rule === 'drop' ? undefined : rule.value);
    return rule === 'drop' || text === undefined ? undefined : { newName: rule.name, text };
  }

  /** From behind the bracket that opens to behind the one that closes. */
  private each(close: number, read: () => void): void {
    this.down();
    this.at += 1;
    this.skipBlanks();
    while (this.text.charCodeAt(this.at) !== close) {
      read();
      this.skipBlanks();
      if (this.text.charCodeAt(this.at) === comma) this.at += 1;
      this.skipBlanks();
    }
    this.at += 1;
    this.depth -= 1;
  }

  private name(): string {
    const start = this.at;
    this.skipString();
    const spelled = this.text.slice(start, this.at);
    this.skipBlanks();
    if (this.text.charCodeAt(this.at) === colon) this.at += 1;
    this.skipBlanks();
    return spelled.includes('\\') ? (JSON.parse(spelled) as string) : spelled.slice(1, -1);
  }

  /** One value as it is spelled. */
  private copy(): string {
    const start = this.at;
    const depthBefore = this.depth;
    do this.skipToken();
    while (this.depth > depthBefore);
    return this.text.slice(start, this.at);
  }

  private skipToken(): void {
    const character = this.text.charCodeAt(this.at);
    if (character === quote) return this.skipString();
    if (character === openArray || character === openObject) this.down();
    else if (character === closeArray || character === closeObject) this.depth -= 1;
    else if (!isPunctuation(character)) return this.skipScalar();
    this.at += 1;
  }

  private skipScalar(): void {
    while (this.at < this.text.length && !isEnd(this.text.charCodeAt(this.at))) this.at += 1;
  }

  private skipString(): void {
    for (this.at += 1; this.text.charCodeAt(this.at) !== quote; this.at += 1)
      if (this.text.charCodeAt(this.at) === backslash) this.at += 1;
    this.at += 1;
  }

  private skipBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.at))) this.at += 1;
  }

  private down(): void {
    this.depth += 1;
    if (this.depth > maxDepth) throw new JsonTextError(`nested deeper than ${maxDepth} levels`);
  }
}

const asItIs: MemberRule = { name: undefined, value: undefined };

function isBlank(character: number): boolean {
  return character === 0x20 || character === 0x0a || character === 0x0d || character === 0x09;
}

function isPunctuation(character: number): boolean {
  return character === comma || character === colon || isBlank(character);
}

/** Of a number or a word. */
function isEnd(character: number): boolean {
  return isPunctuation(character) || character === closeArray || character === closeObject;
}
