import { importJWK, type JWK } from 'jose';
import { z } from 'zod';

const fetchWithinMs = 2_000;

const Jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

/** A key that gateways may sign with (RFC 7518, section 3.4). Others of the same set are left alone. */
const SigningKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  kid: z.string().min(1),
  alg: z.literal('ES256').optional(),
  use: z.literal('sig').optional(),
});

export type VerifyingKey = Awaited<ReturnType<typeof importJWK>>;

/** The keys at one address. Those of the last time it answered count, whatever it does meanwhile. */
export class PublishedKeys {
  #keys = new Map<string, VerifyingKey>();
  #fetching: Promise<void> | undefined;
  #fetchedAtMs = -Infinity;

  constructor(
    readonly url: string,
    private readonly nowMs: () => number,
  ) {}

  get(kid: string): VerifyingKey | undefined {
    return this.#keys.get(kid);
  }

  /** Since it was last asked for its keys, whatever it answered; infinite before. */
  get ageMs(): number {
    return this.nowMs() - this.#fetchedAtMs;
  }

  /** Fetches the keys again. Who asks while they are on their way waits for those. Never rejects. */
  refresh(): Promise<void> {
    this.#fetching ??= this.#fetch()
      .catch(() => undefined)
      .finally(() => {
        this.#fetchedAtMs = this.nowMs();
        this.#fetching = undefined;
      });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const answer = await fetch(this.url, { redirect: 'error', signal: AbortSignal.timeout(fetchWithinMs) });
    if (answer.ok) this.#keys = await readKeys(Jwks.parse(await answer.json()).keys);
  }
}

/** By key id. A key that cannot be read spoils none of the others. */
export async function readKeys(jwks: readonly object[]): Promise<Map<string, VerifyingKey>> {
  const keys = new Map<string, VerifyingKey>();
  for (const jwk of jwks) {
    const { success, data } = SigningKey.safeParse(jwk);
    const key = success ? await importJWK(data as JWK, 'ES256').catch(() => undefined) : undefined;
    if (data && key) keys.set(data.kid, key);
  }
  return keys;
}
