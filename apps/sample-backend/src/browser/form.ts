export interface Form {
  action: string;
  /** What it sends without anybody filling it in. */
  fields: Record<string, string>;
  /** The names of all that it asks for or sends. */
  names: string[];
}

/** The first form of a page, as far as our pages have forms: quoted attributes, inputs, sent by POST. */
export function readForm(html: string): Form | undefined {
  const [, start = '', inside = ''] = /<form\b([^>]*)>(.*?)<\/form>/s.exec(html) ?? [];
  const action = attribute(start, 'action');
  if (action === undefined) return undefined;
  const inputs = [...inside.matchAll(/<input\b([^>]*)>/g)].map(([, text = '']) => ({
    name: attribute(text, 'name') ?? '',
    value: attribute(text, 'value'),
  }));
  const filled = inputs.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  return { action, fields: Object.fromEntries(filled), names: inputs.map(({ name }) => name) };
}

/** Whether a script of the page sends its form at once. */
export function sendsItself(html: string): boolean {
  return html.includes('document.forms[0].submit()');
}

/** What an answer says is wrong: the first paragraph of one of our pages, or the detail of a problem (RFC 9457). */
export function readMessage(body: string): string {
  const detail = /^\s*\{.*"detail":\s*("(?:[^"\\]|\\.)*")/s.exec(body)?.[1];
  if (detail !== undefined) return String(JSON.parse(detail));
  return readEntities(/<p[^>]*>([^<]*)<\/p>/.exec(body)?.[1] ?? '').trim();
}

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
  return value === undefined ? undefined : readEntities(value);
}

function readEntities(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (entity, code?: string, name = '') =>
    code === undefined ? (named[name] ?? entity) : String.fromCodePoint(Number(code)),
  );
}
