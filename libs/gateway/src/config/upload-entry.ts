import { z } from 'zod';
import { Duration } from './duration.js';
import { Size } from './size.js';

const defaultMinBytesPerSecond = 1_024;

/** Bodies that take longer than the server waits for others. */
export const Upload = z
  .strictObject({
    timeout: Duration.refine((ms) => ms > 0, 'expected more than nothing').describe(
      'The most until all of a body is there, e.g. 30m; the time for the answer begins behind it',
    ),
    minRate: Size.default(defaultMinBytesPerSecond).describe(
      'How many bytes have to come in a second while the service reads. Default 1KiB',
    ),
  })
  .optional()
  .describe('Lets bodies take longer than the 15s that a request has to be there in, as long as they move');

interface Uploading {
  readonly upload?: unknown;
  readonly static?: unknown;
  readonly graphql?: unknown;
  readonly grpc?: unknown;
  readonly grpcWeb?: unknown;
}

/** For `superRefine`: what hands no body on. */
export function checkUpload(entry: Uploading, context: z.RefinementCtx): void {
  if (entry.upload === undefined) return;
  const add = (message: string): void => context.addIssue({ code: 'custom', path: ['upload'], message });
  if (entry.static !== undefined) add('needs upstream or split: a static answer reads no body');
  for (const call of ['graphql', 'grpc', 'grpcWeb'] as const)
    if (entry[call] !== undefined) add(`needs a body that passes, which ${call} reads instead`);
}
