import type { Runtime } from 'node:inspector';

/** What a function belongs to, and how it is called there. */
export interface Owner {
  readonly kind: 'package' | 'ours' | 'node' | 'native' | 'engine';
  readonly name: string;
}

/** Whose code a frame of a profile is: a package, a file of ours, a file of Node's, or the engine itself. */
export function ownerOf({ url, functionName }: Runtime.CallFrame): Owner {
  if (/^\((garbage collector|program|idle|root)\)$/.test(functionName))
    return { kind: 'engine', name: functionName };
  if (url.startsWith('node:')) return { kind: 'node', name: url };
  const [, installed] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (installed !== undefined) return { kind: 'package', name: installed };
  const [, folder, file] = /\/([^/]+)\/dist\/(.+)\.js$/.exec(url) ?? [];
  if (file !== undefined)
    return { kind: 'ours', name: `${folder === 'bench' ? '' : '@bff/'}${folder} ${file}` };
  return {
    kind: 'native',
    name: `(native) ${url || functionName.replace(/^RegExp: .*/, 'RegExp') || 'anonymous'}`,
  };
}
