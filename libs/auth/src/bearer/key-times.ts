/** When the issuer is asked for its keys, and how long they are kept; in milliseconds. */
export interface KeyTimes {
  /** After a few in a row at most one fetch in this time, whatever tokens arrive; so soon a rotated key is found. */
  readonly coolDownMs: number;
  /** Older keys are fetched again in the background, so that a withdrawn key stops working. */
  readonly refreshAfterMs: number;
  /** How long known keys work while the issuer cannot be reached. */
  readonly keepForMs: number;
  /** For discovery document and keys together. */
  readonly fetchTimeoutMs: number;
}

export const usualKeyTimes: KeyTimes = {
  coolDownMs: 15_000,
  refreshAfterMs: 5 * 60_000,
  keepForMs: 60 * 60_000,
  fetchTimeoutMs: 1_500,
};
