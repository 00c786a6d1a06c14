import { parseArgs } from 'node:util';

export interface StormsOptions {
  /** How long the overload lasts; half as long for the others. */
  readonly seconds: number;
  /** Undefined: no soak. */
  readonly soakMinutes: number | undefined;
  /** Names of storms; empty: all but the soak. */
  readonly only: readonly string[];
  /** Whether to tell where the gateway's time goes during the overload. */
  readonly profile: boolean;
}

export const stormNames = ['heap', 'overload', 'anonymous', 'forged'] as const;

export const stormsHelp = `npm run storms                     the gateway in storms, six minutes; writes bench/storms.json

  --seconds 60      how long the overload lasts; the storms of others take half as long
  --soak MINUTES    half load for long, at the end: memory and descriptors
  --only NAME       ${stormNames.join(', ')}; may be given several times; writes no file
  --profile         where the gateway's time goes in each storm; slows it down, so that figures count less`;

/** Throws for what it does not know. Undefined: help is asked for. */
export function readStormsOptions(args: readonly string[]): StormsOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      soak: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const unknown = values.only.filter((name) => !(stormNames as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`No such storm: ${unknown.join(', ')}`);
  return {
    seconds: readCount('seconds', values.seconds, 10),
    soakMinutes: values.soak === undefined ? undefined : readCount('soak', values.soak, 1),
    only: values.only,
    profile: values.profile,
  };
}

function readCount(name: string, text: string, least: number): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (!(count >= least)) throw new Error(`--${name} ${text}: expected a whole number from ${least}`);
  return count;
}
