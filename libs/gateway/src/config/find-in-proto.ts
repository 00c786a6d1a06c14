import { type ProtoFiles, ProtoFilesError } from '@bff/upstream';

export type UpstreamsOfFile = Readonly<Record<string, { readonly proto?: ProtoFiles | undefined }>>;

/** What `read` finds in the definition of an upstream's service. Undefined: `add` was told why, unless there is no such upstream. */
export function findInProto<T>(
  upstreams: UpstreamsOfFile,
  upstream: string,
  read: (proto: ProtoFiles) => T,
  add: (message: string) => void,
): T | undefined {
  if (!Object.hasOwn(upstreams, upstream)) return undefined;
  const proto = upstreams[upstream]?.proto;
  if (proto === undefined) {
    add(`needs upstreams.${upstream}.proto, which says what the service speaks`);
    return undefined;
  }
  try {
    return read(proto);
  } catch (error) {
    if (!(error instanceof ProtoFilesError)) throw error;
    add(error.message);
    return undefined;
  }
}
