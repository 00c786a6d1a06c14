import type { Asking } from './load-shedder.js';

/**
 * A request line and headers as RFC 9112 has them, with nothing that anybody could read otherwise: no fold, no bare CR
 * or LF, no space around a name, no empty line but the last. The parser of Node takes all of this, and more.
 */
const grammar = /^(?:GET|HEAD) \/[!-~]* HTTP\/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+\r\n$/;
/** A body, another protocol, an answer in between, or a connection that is to end. */
const more =
  /\r\n(?:content-length|transfer-encoding|trailer|upgrade|expect|proxy-connection|connection:(?![\t ]*keep-alive[\t ]*\r\n))/i;
/** Longer ones are rare, and limits are the parser's. */
const mostBytes = 8 * 1024;

const authorizationLine = /\r\nauthorization:([^\r]*)/i;
const cookieLine = /\r\ncookie:([^\r]*)/gi;
const apiKeyLine = /\r\nx-api-key:([^\r]*)/gi;
const requestIdLine = /\r\nx-request-id:([^\r]*)/gi;

/** One whole GET or HEAD without a body, as it came from the socket. Its headers are what Node would make of them. */
export class PlainRequest implements Asking {
  private constructor(private readonly text: string) {}

  /** Undefined: it is anything else, or more than one, or not all of one. */
  static read(bytes: Buffer): PlainRequest | undefined {
    if (bytes.length > mostBytes) return undefined;
    const text = bytes.toString('latin1');
    return grammar.test(text) && !more.test(text) ? new PlainRequest(text) : undefined;
  }

  get headers(): this {
    return this;
  }

  get isHead(): boolean {
    return this.text.startsWith('HEAD');
  }

  get headerCount(): number {
    let lines = 0;
    for (let end = this.text.indexOf('\r\n'); end !== -1; end = this.text.indexOf('\r\n', end + 2))
      lines += 1;
    // But for the request line and the empty one.
    return lines - 2;
  }

  /** The first one counts. */
  get authorization(): string | undefined {
    return authorizationLine.exec(this.text)?.[1]?.trim();
  }

  get cookie(): string | undefined {
    return this.joined(cookieLine, '; ');
  }

  get 'x-api-key'(): string | undefined {
    return this.joined(apiKeyLine, ', ');
  }

  get requestId(): string | undefined {
    return this.joined(requestIdLine, ', ');
  }

  private joined(line: RegExp, separator: string): string | undefined {
    const values = this.values(line);
    return values.length === 0 ? undefined : values.join(separator);
  }

  private values(line: RegExp): string[] {
    const values: string[] = [];
    line.lastIndex = 0;
    for (let found = line.exec(this.text); found !== null; found = line.exec(this.text))
      values.push((found[1] ?? '').trim());
    return values;
  }
}
