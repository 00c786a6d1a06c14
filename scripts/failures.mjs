/** A command of ours failed. `output` is everything it wrote, `remedy` what to say when the output tells no cause. */
export class CommandError extends Error {
  constructor(what, output, remedy) {
    super(`${what} failed`);
    this.what = what;
    this.output = output;
    this.remedy = remedy;
  }
}

const AGAIN = 'then run this again.';

/** In order: the first pattern found in the output names the cause. */
const CAUSES = [
  [/ENOSPC|no space left on device/i, () => `the disk is full. Free about 1 GB, ${AGAIN}`],
  [
    /\bEUSAGE\b/,
    () =>
      'package-lock.json does not fit the package.json files. ' +
      `Run \`npm install\` and \`node scripts/complete-lock.mjs\`, ${AGAIN}`,
  ],
  [
    /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)\b/,
    ([code]) =>
      `the package registry cannot be reached (${code}). ` +
      `Check the network, and proxy and registry in npm's configuration, ${AGAIN}`,
  ],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    ([code]) =>
      `the folder cannot be written (${code}). Give yourself the right to write it and all in it, ${AGAIN}`,
  ],
];

/** What a failed build or an unknown failure shows of the output. */
const TAIL_LINES = 200;

/** What to tell the user: one line with the cause and the remedy where the cause is known. */
export function describeFailure(error) {
  const { what = 'Preparing', output = `${error.code ?? ''} ${error.message}`, remedy } = error;
  for (const [pattern, describe] of CAUSES) {
    const found = pattern.exec(output);
    if (found) return `${what} failed: ${describe(found)}`;
  }
  if (remedy) return `${what} failed: ${remedy}`;
  return `${output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')}\n${what} failed: the reason is above.`;
}

/** A build's output is the compiler's, where a name like ECONNREFUSED means nothing: only a full disk is looked for. */
export function describeBuildFailure({ what, output }) {
  const [pattern, describe] = CAUSES[0];
  return pattern.test(output)
    ? `${what} failed: ${describe()}`
    : `${output.trimEnd()}\n${what} failed: the reason is above.`;
}
