import { type PathTemplate, rest } from '../table/path-template.js';

/**
 * The path that a template makes of the parameters of a match, each encoded as it came. None of them can leave its
 * place: `readPath` has refused whatever would.
 */
export function rewritePath(template: PathTemplate, params: Readonly<Record<string, string>>): string {
  let path = '';
  for (const segment of template.segments)
    path += `/${segment.kind === 'literal' ? segment.text : (params[segment.name] ?? '')}`;
  if (template.hasRest) path += params[rest] ?? '';
  return path === '' ? '/' : path;
}
