const places = ['path', 'query', 'header', 'body', 'caller'] as const;

/** Where one argument of a call comes from. `name` is dotted for a body; empty: the whole of it. */
export type ArgumentSource =
  | { readonly from: (typeof places)[number]; readonly name: string }
  | { readonly from: 'constant'; readonly value: unknown };

const ofCaller = ['id', 'plan', 'scopes'];

/** Reads `path.sku`, `query.first`, `header.x-channel`, `body`, `body.name`, `caller.id`. Undefined: it is none. */
export function readArgumentSource(text: string): ArgumentSource | undefined {
  const [, place, name = ''] = /^([a-z]+)(?:\.(.+))?$/.exec(text) ?? [];
  const from = places.find((one) => one === place);
  if (from === undefined || (name === '' && from !== 'body')) return undefined;
  if (from === 'caller' && !ofCaller.includes(name)) return undefined;
  return { from, name };
}
