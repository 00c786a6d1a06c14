import type { Identities } from '../upstream-options.js';

/** Services are told nothing, and all callers get the same. */
export const tellNobody: Identities = { caller: { keyOf: () => '', headersOf: () => ({}) } };

/** Services are told the caller's id. */
export const tellCaller: Identities = {
  caller: {
    keyOf: (context) => context?.caller?.id ?? '',
    headersOf: (context) => ({ 'x-user-id': context?.caller?.id ?? '' }),
  },
};
