/** Adds `name` to the imports from a module, whose line comes to stand among the others of its kind by its path. */
export function addImport(source, name, from) {
  const quoted = from.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const present = new RegExp(`^import \\{([^}]*)\\} from '${quoted}';$`, 'm').exec(source);
  if (present) {
    const names = namesIn(present[1]);
    if (names.includes(name)) return source;
    const line = `import { ${[...names, name].sort(byText).join(', ')} } from '${from}';`;
    return source.replace(present[0], () => line);
  }
  return insertSorted(source, `import { ${name} } from '${from}';`, /^import [^;]* from '([^']+)';\n/gm);
}

/** Adds `export { … } from '…'` to a file that re-exports by name, by its path. */
export function addExport(source, names, from) {
  return insertSorted(source, `export { ${names} } from '${from}';`, /^export [^;]* from '([^']+)';\n/gm);
}

/** Adds an element to the list of a decorator's key: `controllers: [A]` becomes `controllers: [A, B]`. */
export function addToList(source, key, element) {
  return source.replace(new RegExp(`(\\b${key}: \\[)([^\\]]*)\\]`), (text, start, elements) => {
    const names = namesIn(elements);
    return names.includes(element) ? text : `${start}${[...names, element].join(', ')}]`;
  });
}

/** Before the first statement whose path comes after that of `line`, else after the last one. */
function insertSorted(source, line, statements) {
  const path = /'([^']+)';$/.exec(line)[1];
  const all = [...source.matchAll(statements)];
  const later = all.find(([, other]) => byOrigin(other) > byOrigin(path));
  const last = all.at(-1);
  const at = later?.index ?? (last ? last.index + last[0].length : 0);
  return `${source.slice(0, at)}${line}\n${source.slice(at)}`;
}

/** Ours come after those of others, and what lies in the same package comes last. */
function byOrigin(path) {
  return `${path.startsWith('.') ? 2 : path.startsWith('@bff/') ? 1 : 0} ${path}`;
}

const byText = (a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);

const namesIn = (text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
