import type { Bff } from './bff.js';
import { startProxyWorld } from './proxy-world.js';
import { type RawUpstream, startRawUpstream } from './raw-upstream.js';

/** A web-bff with routes before an upstream, called `raw`, that keeps the bytes that arrive. */
export interface RawRoutes extends AsyncDisposable {
  readonly bff: Bff;
  readonly url: string;
  readonly upstream: RawUpstream;
}

/** `changes` are top-level keys of gateway.yaml. Failures of `raw` do not keep it from being asked, each time once. */
export async function startRawRoutes(
  changes: object,
  environment: Record<string, string> = {},
): Promise<RawRoutes> {
  await using opened = new AsyncDisposableStack();
  const upstream = opened.use(await startRawUpstream());
  const raw = { url: upstream.url, timeout: '1s', circuit: { minimumCalls: 1_000_000 }, retry: { tries: 1 } };
  const { bff } = opened.use(await startProxyWorld(changes, environment, { raw }));
  const all = opened.move();
  return { bff, url: bff.gateway.url, upstream, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
