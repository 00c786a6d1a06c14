import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import protobuf from 'protobufjs';
import type { GrpcMethod } from '../grpc/grpc-service.js';
import type { RawMethod } from '../grpc/raw-method.js';
import { messageToJson } from './message-to-json.js';
import { hasNoJson, jsonNameOf } from './proto-types.js';
import { type ProtoField, toProtoField } from './proto-field.js';

/** What is wrong with a definition, or what it lacks. */
export class ProtoFilesError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtoFilesError';
  }
}

/** A method with one request and one answer, which speaks the JSON of protobuf. */
export interface ProtoMethod extends GrpcMethod {
  /** Of its request, by their JSON names. */
  readonly fields: ReadonlyMap<string, ProtoField>;
  hasResult(path: readonly string[]): boolean;
}

/** What `.proto` files define. Two of the same content are deeply equal. */
export class ProtoFiles {
  readonly #root: protobuf.Root;

  constructor(
    root: protobuf.Root,
    readonly files: readonly string[],
    readonly digest: string,
  ) {
    this.#root = root;
  }

  /** By `package.Service/Method`. Throws ProtoFilesError for one that is not there, or that a route cannot ask. */
  method(name: string): ProtoMethod {
    const { path, method, request, answer } = this.find(name);
    if (method.requestStream || method.responseStream)
      throw new ProtoFilesError(`${name} streams, and a route answers once`);
    for (const type of [request, answer]) {
      const odd = hasNoJson(type);
      if (odd !== undefined) throw new ProtoFilesError(`${name} has a ${odd}, which a route cannot tell`);
    }
    return toMethod(path, method, request, answer);
  }

  /** The same, for who hands its messages on. Throws ProtoFilesError for one that takes more than one message. */
  rawMethod(name: string): RawMethod {
    const { path, method } = this.find(name);
    if (method.requestStream)
      throw new ProtoFilesError(`${name} takes a stream of messages, which a request of gRPC-Web cannot be`);
    return { path, responseStream: method.responseStream === true, idempotent: levelOf(method).idempotent };
  }

  private find(name: string): Defined {
    const [serviceName = '', methodName = ''] = name.split('/');
    const service = this.#root.lookup(serviceName, [protobuf.Service]);
    if (!(service instanceof protobuf.Service))
      throw new ProtoFilesError(`${this.files.join(', ')} defines no service ${serviceName}`);
    const method = Object.hasOwn(service.methods, methodName) ? service.methods[methodName] : undefined;
    method?.resolve();
    const { resolvedRequestType: request, resolvedResponseType: answer } = method ?? {};
    if (method === undefined || !request || !answer) {
      const known = service.methodsArray.map((one) => one.name).join(', ');
      throw new ProtoFilesError(`${serviceName} has no method ${methodName} (it has: ${known})`);
    }
    return { path: `/${serviceName}/${methodName}`, method, request, answer };
  }
}

interface Defined {
  readonly path: string;
  readonly method: protobuf.Method;
  readonly request: protobuf.Type;
  readonly answer: protobuf.Type;
}

function levelOf({ options }: protobuf.Method): Pick<GrpcMethod, 'safe' | 'idempotent'> {
  const level: unknown = options?.['idempotency_level'];
  const safe = level === 'NO_SIDE_EFFECTS';
  return { safe, idempotent: safe || level === 'IDEMPOTENT' };
}

/** Paths are those of the process. Throws ProtoFilesError. */
export function readProtoFiles(files: readonly string[], imports: readonly string[]): ProtoFiles {
  const root = new protobuf.Root();
  root.resolvePath = (origin, target) => {
    const places = [...(origin === '' ? [] : [dirname(origin)]), ...imports];
    // What comes with the parser (google/protobuf/…) is found by its name.
    return places.map((folder) => resolve(folder, target)).find((path) => existsSync(path)) ?? target;
  };
  try {
    root.loadSync(files.map((file) => resolve(file))).resolveAll();
    const digest = createHash('sha256');
    for (const file of root.files.filter((one) => existsSync(one))) digest.update(readFileSync(file));
    return new ProtoFiles(root, files, digest.digest('hex'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProtoFilesError(`${files.join(', ')} cannot be read: ${why}`);
  }
}

function toMethod(
  path: string,
  method: protobuf.Method,
  request: protobuf.Type,
  answer: protobuf.Type,
): ProtoMethod {
  return {
    path,
    originalName: method.name,
    requestStream: false,
    responseStream: false,
    requestSerialize: (value) => Buffer.from(request.encode(request.fromObject(value)).finish()),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: (value) => Buffer.from(answer.encode(answer.fromObject(value)).finish()),
    responseDeserialize: (bytes) => messageToJson(answer, answer.decode(bytes)),
    ...levelOf(method),
    fields: new Map(request.fieldsArray.map((field) => [jsonNameOf(field), toProtoField(field)])),
    hasResult: (names) => hasField(answer, names),
  };
}

function hasField(type: protobuf.Type, [name, ...rest]: readonly string[]): boolean {
  const field = type.fieldsArray.find((one) => jsonNameOf(one) === name);
  if (field === undefined || rest.length === 0) return field !== undefined;
  return !field.repeated && !field.map && field.resolvedType instanceof protobuf.Type
    ? hasField(field.resolvedType, rest)
    : false;
}
