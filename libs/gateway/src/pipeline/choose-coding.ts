export type Coding = 'br' | 'zstd' | 'gzip';

/** Beyond this, time counts more than the last bytes. */
const largeBytes = 64 * 1_024;

/**
 * The coding for a body of that size that a caller takes best (RFC 9110, section 12.5.3); undefined: none. Of those
 * that are equally welcome brotli makes the least of small JSON, and zstd is the quickest with much.
 */
export function chooseCoding(accepted: string | undefined, bytes: number): Coding | undefined {
  if (accepted === undefined) return undefined;
  const wanted = readQualities(accepted);
  const ours: readonly Coding[] = bytes > largeBytes ? ['zstd', 'br', 'gzip'] : ['br', 'zstd', 'gzip'];
  const any = wanted.get('*') ?? 0;
  let best: Coding | undefined;
  // Who would rather have it plain gets it plain.
  let quality = wanted.get('identity') ?? 0;
  for (const coding of ours) {
    const own = wanted.get(coding) ?? (coding === 'gzip' ? wanted.get('x-gzip') : undefined) ?? any;
    if (own > 0 && (best === undefined ? own >= quality : own > quality)) [best, quality] = [coding, own];
  }
  return best;
}

function readQualities(accepted: string): Map<string, number> {
  const entries = accepted.split(',').map((part) => {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    return [name, quality >= 0 && quality <= 1 ? quality : 0] as const;
  });
  return new Map(entries);
}
