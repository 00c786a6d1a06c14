/** These replies say that the server is not the one to ask, or cannot be asked at all; after any other it can. */
const isAway = /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|NOAUTH)\b/;

/** Whether it was no answer of a server that can be asked: silence, a lost connection, or a reply that says so. */
export function meansAway(error: unknown): boolean {
  return !(error instanceof Error && error.name === 'ReplyError') || isAway.test(error.message);
}

/**
 * Why it failed, for people. Redis repeats what it was told when it does not know a command: keys, values, even a
 * password; that is left out.
 */
export function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/,? with args beginning with[^]*/, '');
}
