import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const templates = fileURLToPath(new URL('templates', import.meta.url));

/**
 * Creates what `templates/<folder>` holds, at the same paths below the root and without `.tmpl`; `{{name}}` in paths and
 * texts is replaced by the value of that name.
 */
export function addTemplates(draft, folder, values) {
  const fill = (text, where) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
      if (!(name in values)) throw new Error(`${where}: nobody gave a value for ${name}`);
      return values[name];
    });
  for (const file of readdirSync(join(templates, folder), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.tmpl')) continue;
    const path = fill(file.split(sep).join('/').slice(0, -'.tmpl'.length), file);
    draft.create(path, fill(readFileSync(join(templates, folder, file), 'utf8'), file));
  }
}
