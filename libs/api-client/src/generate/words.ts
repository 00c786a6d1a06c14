/** `order-lines` → `OrderLines`. */
export function toPascalCase(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_match, first: string) => first.toUpperCase());
}

/** What one of many is called: `categories` → `category`. Words that are one already stay as they are. */
export function toSingular(name: string): string {
  if (name.endsWith('ies')) return name.replace(/ies$/, 'y');
  if (/(?:s|x|ch|sh)es$/.test(name)) return name.replace(/es$/, '');
  return /[^s]s$/.test(name) ? name.replace(/s$/, '') : name;
}

/** As a member of an object type. */
export function toKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A comment for editors; nothing where there is nothing to say. */
export function toJsDoc(text: string | undefined): string {
  if (text === undefined || text === '') return '';
  return `/** ${text.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ')} */\n`;
}
