import type { Endpoint, Parameter, Schema } from './document.js';
import { toJsDoc, toKey, toPascalCase } from './words.js';
import type { TypeWriter } from './write-types.js';

/** A method of the client: how it is declared, and what it does. */
export interface Method {
  readonly declaration: string;
  readonly body: string;
}

/** One method for each operation that a client calls, and one more for its progressive form. */
export function writeMethods(endpoint: Endpoint, types: TypeWriter): Method[] {
  const { operationId, summary = operationId, description = '' } = endpoint.operation;
  const named = { name: operationId, jsDoc: `${summary}. ${description}` };
  if (endpoint.events !== undefined) return [writeMethod(endpoint, types, 'events', named)];
  if (!endpoint.isCall) return [];
  const call = writeMethod(endpoint, types, 'call', named);
  if (!endpoint.isProgressive) return [call];
  const stream = writeMethod(endpoint, types, 'stream', {
    name: `stream${toPascalCase(operationId.replace(/^get/, ''))}`,
    jsDoc: `${summary}, section by section in the order in which they are ready.`,
  });
  return [call, stream];
}

type Via = 'call' | 'stream' | 'events';

function writeMethod(
  endpoint: Endpoint,
  types: TypeWriter,
  via: Via,
  { name, jsDoc }: { readonly name: string; readonly jsDoc: string },
): Method {
  const { path, method, parameters, input } = endpoint;
  const { generics, options, reply } = writeAnswer(endpoint, types, via);
  const params = writeParams(parameters, types);
  const body = input === undefined ? [] : [`body: ${types.write(input)}`];
  const names = [...params.map(() => 'params'), ...body.map(() => 'body')];
  const call = [`method: '${method}'`, `path: '${path}'`, ...names].join(', ');
  return {
    declaration: `${toJsDoc(jsDoc)}${name}${generics}(${[...params, ...body, options].join(', ')}): ${reply};\n`,
    body: `${name}: (${[...names, 'options'].join(', ')}) => transport.${via}({ ${call} }, options),\n`,
  };
}

/** What is answered depends on the options: which fields of it, and whether it may still be the same. */
function writeAnswer(endpoint: Endpoint, types: TypeWriter, via: Via) {
  const { method, parameters, operation, output = endpoint.events } = endpoint;
  const has = (name: string): boolean => parameters.some((one) => one.name === name);
  const whole = output === undefined ? 'undefined' : types.write(output);
  const selects = has('fields') && operation['x-view'] !== undefined;
  const mayBeSame = has('If-None-Match') && via === 'call';
  const generics = [
    ...(selects ? [`Field extends FieldOf<${whole}> = never`] : []),
    ...(mayBeSame ? ['Etag extends string | undefined = undefined'] : []),
  ];
  const data = selects ? `Selected<${whole}, Field>` : whole;
  const replies: Record<Via, string> = {
    call: `Promise<${mayBeSame ? `AnswerTo<${data}, Etag>` : `Answer<${data}>`}>`,
    stream: `AsyncGenerator<RecordOf<${data}>, void>`,
    events: `AsyncGenerator<${data}, void>`,
  };
  const field = selects ? 'Field' : 'never';
  return {
    generics: generics.length === 0 ? '' : `<${generics.join(', ')}>`,
    options: mayBeSame ? `options?: ReadOptions<${field}, Etag>` : writeOptions(method, parameters, field),
    reply: replies[via],
  };
}

function writeOptions(method: string, parameters: readonly Parameter[], field: string): string {
  const key = parameters.find(({ name }) => name.toLowerCase() === 'idempotency-key');
  // `never` is what they are about where nothing is said.
  const about = field === 'never' ? '' : `<${field}>`;
  if (key?.required === true) return `options: WriteOptions${about} & { readonly idempotencyKey: string }`;
  return method === 'GET' ? `options?: CallOptions${about}` : `options?: WriteOptions${about}`;
}

/** Nothing, or one argument with those of the path and of the query. */
function writeParams(parameters: readonly Parameter[], types: TypeWriter): string[] {
  const own = parameters.filter((one) => (one.in === 'query' || one.in === 'path') && one.name !== 'fields');
  if (own.length === 0) return [];
  const isNeeded = (one: Parameter): boolean => one.in === 'path' || one.required === true;
  const members = own.map((one) => {
    const type = types.write(withoutEmpty(one.schema ?? {}));
    return `readonly ${toKey(one.name)}${isNeeded(one) ? `: ${type}` : `?: ${type} | undefined`}`;
  });
  return [`params${own.some(isNeeded) ? '' : '?'}: { ${members.join('; ')} }`];
}

/** A parameter that a form sends empty counts as not sent: a client just does not send it. */
function withoutEmpty(schema: Schema): Schema {
  const { anyOf } = schema;
  return anyOf === undefined ? schema : { anyOf: anyOf.filter((one) => one.const !== '') };
}
