import type { Caller } from '@bff/context';

/** Beside the caller, not in it: what a caller is gets logged, passed around and compared; a token must not be. */
const tokens = new WeakMap<Caller, string>();

export function keepAccessToken(caller: Caller, token: string): void {
  tokens.set(caller, token);
}

/** The access token that proved who this is, for services that ask for it; undefined where there was none. */
export function accessTokenOf(caller: Caller): string | undefined {
  return tokens.get(caller);
}
