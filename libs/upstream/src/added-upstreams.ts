import { isDeepStrictEqual } from 'node:util';
import type { UpstreamState } from './engine/upstream-state.js';
import { HttpUpstream } from './http/http-upstream.js';
import type { UpstreamConfig } from './upstream-options.js';
import type { UpstreamsOptions } from './upstreams.options.js';

/** Calls of requests that were under way when an upstream was removed still get through in this time. */
const leaveMs = 10_000;

interface Added {
  readonly upstream: HttpUpstream;
  config: UpstreamConfig;
  /** Undefined: it stays. */
  leaving: NodeJS.Timeout | undefined;
}

/** Services over HTTP that come and go while the gateway runs, each under the whole policy of an upstream. */
export class AddedUpstreams {
  private readonly added = new Map<string, Added>();

  constructor(private readonly options: Pick<UpstreamsOptions, 'identities' | 'replicas'>) {}

  /** What opening it would throw: UpstreamSettingError. Nothing is kept. */
  check(name: string, config: UpstreamConfig): void {
    void this.create(name, config).close();
  }

  /**
   * There from now on, or changed: another URL keeps what is known of the service, another policy begins anew, and calls
   * in flight end where they began. Throws UpstreamSettingError.
   */
  put(name: string, config: UpstreamConfig): HttpUpstream {
    const known = this.added.get(name);
    if (known === undefined) {
      const upstream = this.create(name, config);
      this.added.set(name, { upstream, config, leaving: undefined });
      return upstream;
    }
    const { url, ...policy } = known.config;
    const { url: nextUrl, ...nextPolicy } = config;
    if (!isDeepStrictEqual(policy, nextPolicy)) void known.upstream.adopt(this.create(name, config)).close();
    else if (url !== nextUrl) known.upstream.moveTo(nextUrl);
    known.config = config;
    clearTimeout(known.leaving);
    known.leaving = undefined;
    return known.upstream;
  }

  /** Nobody should call it any more. */
  remove(name: string): void {
    const known = this.added.get(name);
    if (known === undefined || known.leaving !== undefined) return;
    known.leaving = setTimeout(() => {
      this.added.delete(name);
      void known.upstream.close();
    }, leaveMs).unref();
  }

  state(): UpstreamState[] {
    return [...this.added.values()]
      .filter(({ leaving }) => leaving === undefined)
      .map(({ upstream, config }) => ({
        ...upstream.state(),
        protocol: HttpUpstream.protocol,
        url: config.url,
      }));
  }

  async close(): Promise<void> {
    for (const { leaving } of this.added.values()) clearTimeout(leaving);
    await Promise.all([...this.added.values()].map(({ upstream }) => upstream.close()));
    this.added.clear();
  }

  private create(name: string, config: UpstreamConfig): HttpUpstream {
    const { identities, replicas } = this.options;
    return new HttpUpstream(name, config, identities, replicas);
  }
}
