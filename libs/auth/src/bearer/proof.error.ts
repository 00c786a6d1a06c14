/** A proof of possession does not hold. `message` says why, in words that its sender may read. */
export class ProofError extends Error {}
