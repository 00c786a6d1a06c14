import type { ArgumentSource, PathTemplate, ProxyRoute } from '@bff/proxy';
import { ArgumentError, type ProtoMethod } from '@bff/upstream';
import { z } from 'zod';
import { Argument, mistakeInSource, targetBeside, unusedBesideCall } from './argument-entry.js';
import { findInProto, type UpstreamsOfFile } from './find-in-proto.js';

/** One gRPC method in place of what came. */
export const Grpc = z
  .strictObject({
    method: z
      .string()
      .regex(/^[\w.]+\/\w+$/, 'expected package.Service/Method')
      .describe('With one request and one answer, e.g. bff.orders.v1.Orders/Get'),
    arguments: z
      .record(z.string(), Argument)
      .default({})
      .describe(
        'Where each field of its request comes from: { userId: caller.id, id: path.id, lines: body }',
      ),
    result: z
      .string()
      .regex(/^\w+(\.\w+)*$/, 'expected the name of a field')
      .optional()
      .describe('The field that is the answer, e.g. orders. Default: the whole message'),
  })
  .optional()
  .describe('Asks the upstream in gRPC, and answers with JSON');

interface Entry {
  readonly upstream?: string | undefined;
  readonly match: { readonly path: PathTemplate; readonly methods?: readonly string[] | undefined };
  readonly access?: object | undefined;
  readonly grpc?: z.output<typeof Grpc>;
}
type Add = (path: string[], message: string) => void;

/** Only for what `checkGrpc` found nothing wrong with. */
export function toGrpcTarget(
  { upstream, grpc }: Entry,
  upstreams: UpstreamsOfFile,
): { target?: ProxyRoute['target'] } {
  if (upstream === undefined || grpc === undefined) return {};
  const method = findInProto(
    upstreams,
    upstream,
    (proto) => proto.method(grpc.method),
    () => undefined,
  );
  if (method === undefined) return {};
  const result = grpc.result?.split('.') ?? [];
  return { target: { kind: 'grpc', upstream, method, arguments: grpc.arguments, result } };
}

/** What is wrong with a call by what the service's definition says. All of it at once. */
export function checkGrpc(entry: Entry & object, upstreams: UpstreamsOfFile, add: Add): void {
  const { grpc, upstream } = entry;
  if (grpc === undefined) return;
  if ('graphql' in entry && entry.graphql !== undefined) add(['grpc'], 'cannot be beside graphql');
  for (const key of unusedBesideCall({ ...entry })) add([key], 'does nothing beside grpc; remove it');
  if (entry.match.methods === undefined)
    add(['match'], 'needs methods, such as [GET]: grpc is one method of a service');
  if (upstream === undefined) return add(['grpc'], targetBeside({ ...entry }));
  const method = findInProto(
    upstreams,
    upstream,
    (proto) => proto.method(grpc.method),
    (message) => add(['grpc', 'method'], message),
  );
  if (method === undefined) return;
  for (const [name, source] of Object.entries(grpc.arguments)) {
    const mistake = mistakeOfArgument(method, name, source) ?? mistakeInSource(source, entry);
    if (mistake !== undefined) add(['grpc', 'arguments', name], mistake);
  }
  if (grpc.result !== undefined && !method.hasResult(grpc.result.split('.')))
    add(['grpc', 'result'], `the answer of ${grpc.method} has no ${grpc.result}`);
}

function mistakeOfArgument(method: ProtoMethod, name: string, source: ArgumentSource): string | undefined {
  const field = method.fields.get(name);
  if (field === undefined) {
    const known = [...method.fields.keys()].join(', ') || 'none';
    return `the request of ${method.path.slice(1)} has no field ${name} (it has: ${known})`;
  }
  if (source.from !== 'body' && source.from !== 'constant' && !field.isText)
    return `${name} is a ${field.typeName}, which no text is; take it from body`;
  if (source.from !== 'constant') return undefined;
  try {
    field.fromJson(source.value);
    return undefined;
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return [...error.path, error.message].join(': ');
  }
}
