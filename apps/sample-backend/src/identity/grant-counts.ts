import type { Provider } from 'oidc-provider';

/** How often each grant type has succeeded at the token endpoint. */
export class GrantCounts {
  readonly #counts = new Map<string, number>();

  countAt(provider: Provider): void {
    provider.on('grant.success', ({ oidc }) => {
      const type = String(oidc.params?.['grant_type']);
      this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    });
  }

  /** By grant type; those that never succeeded are absent. */
  toObject(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
