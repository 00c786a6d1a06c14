import { parseArgs } from 'node:util';

export interface Options {
  readonly rounds: number;
  /** How long a round is measured, after its warm-up. */
  readonly seconds: number;
  readonly connections: number;
  /** Names of suites or contenders; empty: all. */
  readonly only: readonly string[];
  readonly json: boolean;
  /** The contender to profile instead of measuring. */
  readonly profile: string | undefined;
}

export const help = `npm run bench                       all contenders, 25 minutes; writes bench/results.json and results.svg
npm run bench -- --profile web-bff  where the time of one contender goes

  --rounds 5         of every contender, one after the other in each round
  --seconds 4        measured in each round; 10 with --profile
  --connections 32   in flight at one time in the suite dashboard
  --only NAME        a suite, a contender or suite/contender; may be given several times; writes no files
  --json             figures as JSON on standard output
  --profile NAME     a contender or suite/contender`;

/** Throws for what it does not know. Undefined: help is asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string' },
      connections: { type: 'string', default: '32' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    rounds: readCount('rounds', values.rounds),
    seconds: readCount('seconds', values.seconds ?? (values.profile === undefined ? '4' : '10')),
    connections: readCount('connections', values.connections),
    only: values.only,
    json: values.json,
    profile: values.profile,
  };
}

function readCount(name: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${name} ${text}: expected a whole number from 1`);
  return Number(text);
}
