import { ProtoFilesError, readProtoFiles } from '@bff/upstream';
import { z } from 'zod';

const file = z.string().min(1);

/** Read with the file, so that a mistake in either is told before a service is asked. */
export const Proto = z
  .union(
    [
      file,
      z.strictObject({
        files: z.array(file).min(1).describe('The .proto files that define its services'),
        imports: z.array(file).default([]).describe('Folders in which what they import is looked for'),
      }),
    ],
    { error: 'expected a .proto file, or { files: [orders.proto], imports: [protos] }' },
  )
  .transform((given, context) => {
    const { files, imports } = typeof given === 'string' ? { files: [given], imports: [] } : given;
    try {
      return readProtoFiles(files, imports);
    } catch (error) {
      if (!(error instanceof ProtoFilesError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  })
  .optional()
  .describe('What a gRPC service speaks, for routes that ask it: a .proto file, or { files, imports }');
