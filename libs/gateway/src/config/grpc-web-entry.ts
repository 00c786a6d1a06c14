import type { PathTemplate, ProxyRoute } from '@bff/proxy';
import type { RawMethod } from '@bff/upstream';
import { z } from 'zod';
import { targetBeside, unusedBesideCall } from './argument-entry.js';
import { findInProto, type UpstreamsOfFile } from './find-in-proto.js';

/** Methods of a gRPC service for clients who speak gRPC-Web. */
export const GrpcWeb = z
  .strictObject({
    methods: z
      .array(z.string().regex(/^[\w.]+\/\w+$/, 'expected package.Service/Method'))
      .min(1, 'expected at least one method')
      .describe('Which may be called, e.g. [bff.orders.v1.Orders/Get]; the path goes on with one of them'),
  })
  .optional()
  .describe('Hands gRPC-Web on as gRPC: messages pass unread, one to the service and any number back');

interface Entry {
  readonly upstream?: string | undefined;
  readonly match: { readonly path: PathTemplate; readonly methods?: readonly string[] | undefined };
  readonly grpcWeb?: z.output<typeof GrpcWeb>;
}
type Add = (path: (string | number)[], message: string) => void;

/** Only for what `checkGrpcWeb` found nothing wrong with. */
export function toGrpcWebTarget(
  { upstream, grpcWeb }: Entry,
  upstreams: UpstreamsOfFile,
): { target?: ProxyRoute['target'] } {
  if (upstream === undefined || grpcWeb === undefined) return {};
  const found = grpcWeb.methods.map(
    (name) =>
      [
        name,
        findInProto(
          upstreams,
          upstream,
          (proto) => proto.rawMethod(name),
          () => undefined,
        ),
      ] as const,
  );
  const methods = new Map(found.filter((entry): entry is [string, RawMethod] => entry[1] !== undefined));
  return { target: { kind: 'grpc-web', upstream, methods } };
}

/** What is wrong with it by what the service's definition says. All of it at once. */
export function checkGrpcWeb(entry: Entry & object, upstreams: UpstreamsOfFile, add: Add): void {
  const { grpcWeb, upstream, match } = entry;
  if (grpcWeb === undefined) return;
  const keys = { ...entry } as Readonly<Record<string, unknown>>;
  for (const other of ['graphql', 'grpc'])
    if (keys[other] !== undefined) add(['grpcWeb'], `cannot be beside ${other}`);
  for (const key of unusedBesideCall(keys)) add([key], 'does nothing beside grpcWeb; remove it');
  if (match.methods?.join() !== 'POST') add(['match'], 'needs methods: [POST], which gRPC-Web is');
  if (!match.path.hasRest)
    add(['match', 'path'], 'needs ** at its end, which stands for package.Service/Method');
  if (upstream === undefined) return add(['grpcWeb'], targetBeside(keys));
  for (const [index, name] of grpcWeb.methods.entries())
    findInProto(
      upstreams,
      upstream,
      (proto) => proto.rawMethod(name),
      (message) => add(['grpcWeb', 'methods', index], message),
    );
}
