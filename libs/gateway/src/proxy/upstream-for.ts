import type { Request } from 'express';
import { currentContext } from '@bff/context';
import { chooseUpstream } from '@bff/proxy';
import { addressOf } from '@bff/throttling';
import type { HttpUpstream } from '@bff/upstream';
import type { CompiledRoute } from './compiled-route.js';

/** Who gets a request. To be asked when the caller is known: he stays with one; strangers go by their address. */
export function upstreamFor(
  { route, upstream, parts }: Pick<CompiledRoute, 'route' | 'upstream' | 'parts'>,
  request: Request,
): HttpUpstream | undefined {
  const { target, name } = route;
  if (target.kind !== 'split') return upstream;
  const id = currentContext()?.caller?.id;
  const chosen = chooseUpstream(target, {
    route: name,
    caller: id === undefined ? `address:${addressOf(request)}` : `caller:${id}`,
    header: (header) => request.get(header),
  });
  return chosen === undefined ? undefined : parts.get(chosen);
}
