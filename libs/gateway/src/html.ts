const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe to be put in a page as it is. */
export class Html {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Part = string | number | Html | readonly Part[];

/** Every part but Html and lists of it is escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const written = strings.map(
    (text, index) => text + (index < parts.length ? write(parts[index] ?? '') : ''),
  );
  return new Html(written.join(''));
}

/** Text in which `code` is marked as such. */
export function prose(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

function write(part: Part): string {
  if (Array.isArray(part)) return (part as readonly Part[]).map(write).join('');
  if (part instanceof Html) return part.toString();
  return String(part).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
