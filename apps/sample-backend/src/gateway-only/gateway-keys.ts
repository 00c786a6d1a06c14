import type { GatewayTrust } from './gateway-trust.js';
import { PublishedKeys, readKeys, type VerifyingKey } from './published-keys.js';

/** An address is not asked for an unknown key more often than that. */
const coolDownMs = 1_000;

/** After that the keys of an address are fetched again when they are used, so that a withdrawn one ends. */
const staleAfterMs = 5 * 60_000;

/** The keys of all gateways that are trusted; fetched when one of them is first wanted. */
export class GatewayKeys {
  readonly #published: readonly PublishedKeys[];
  readonly #known: ReturnType<typeof readKeys>;

  constructor({ jwksUrls, keys }: GatewayTrust, nowMs: () => number = () => performance.now()) {
    this.#published = jwksUrls.map((url) => new PublishedKeys(url, nowMs));
    this.#known = readKeys(keys);
  }

  /** Undefined when no gateway has it. The first address that has it is enough: nobody waits for one that is away. */
  async find(kid: string): Promise<VerifyingKey | undefined> {
    const known = (await this.#known).get(kid);
    if (known) return known;
    const holder = this.#published.find((published) => published.get(kid));
    if (!holder) return this.#findAnew(kid);
    if (holder.ageMs > staleAfterMs) void holder.refresh();
    return holder.get(kid);
  }

  async #findAnew(kid: string): Promise<VerifyingKey | undefined> {
    const asked = this.#published.map(async (published) => {
      if (published.ageMs > coolDownMs) await published.refresh();
      const key = published.get(kid);
      if (!key) throw new Error(`${published.url} has no key ${kid}`);
      return key;
    });
    return Promise.any(asked).catch(() => undefined);
  }
}
