import { mediaTypes, renderedSections } from '@bff/views';
import type { DeclaredRoute } from '../management/route-table.js';
import type { Components } from './components.js';
import type { Answer, Content, Operation } from './document.js';
import { headerRefs } from './headers.js';
import { namesIn } from './named-examples.js';
import { parametersOf } from './parameters.js';
import { problemRefs } from './problem-responses.js';
import { addViewRecords } from './record-schemas.js';
import { securityOf } from './security.js';
import { addViewSchema } from './view-schemas.js';
import { controllerName, descriptionOf, operationIdOf, summaryOf, tagOf } from './words.js';

interface OperationOptions {
  readonly components: Components;
  /** Whether complete answers carry `_meta` too. */
  readonly isMetaAlways: boolean;
}

/** One route as an operation. What it takes looks, in examples, like what it answers with. */
export function toOperation(route: DeclaredRoute, options: OperationOptions): Operation {
  const { components } = options;
  const content = answerContent(route, options);
  const named = namesIn(components.allExamples()[route.view?.name ?? '']?.value);
  const requestBody = requestBodyOf(route, components, named);
  return {
    operationId: operationIdOf(route),
    summary: summaryOf(route),
    description: descriptionOf(route),
    tags: [tagOf(route)],
    security: securityOf(route),
    parameters: parametersOf(route, components, named),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...successes(route, content), ...problemRefs(route) },
    ...extensions(route),
  };
}

function answerContent({ view }: DeclaredRoute, { components, isMetaAlways }: OperationOptions): Content {
  if (view === undefined) return {};
  const answer = {
    schema: addViewSchema(components, view, isMetaAlways),
    examples: { complete: { $ref: `#/components/examples/${view.name}` } },
  };
  const records = addViewRecords(components, view);
  return {
    [mediaTypes.json]: answer,
    [mediaTypes.xml]: answer,
    [mediaTypes.ndjson]: records,
    [mediaTypes.sse]: records,
  };
}

function successes({ method, status, view }: DeclaredRoute, content: Content): Record<string, Answer> {
  const always = ['X-Request-Id', 'traceresponse', 'RateLimit', 'RateLimit-Policy'];
  const cached = ['ETag', 'Cache-Control', 'Vary'];
  const told = [...always, ...cached, 'X-Incomplete', 'Server-Timing'];
  const created = status === 201 ? ['Location'] : [];
  const name = view === undefined ? 'The answer' : `The view \`${view.name}\``;
  const success = {
    description: `${name}, in the form that \`Accept\` asks for; complete, or honest about what is missing.`,
    headers: headerRefs(...told, ...created),
    content,
  };
  const unchanged = {
    description: 'The answer that `If-None-Match` names is still the same.',
    headers: headerRefs(...always, ...cached, 'Server-Timing'),
  };
  return { [status]: success, ...(method === 'GET' ? { 304: unchanged } : {}) };
}

function requestBodyOf(
  { inputs, controller }: DeclaredRoute,
  components: Components,
  named: ReturnType<typeof namesIn>,
): Operation['requestBody'] {
  const schema = inputs.find(({ from }) => from === 'body')?.schema;
  if (schema === undefined) return undefined;
  const name = `${controllerName(controller)}Input`;
  const taken = { xml: { name }, ...components.toSchema(schema, 'input') };
  const example = components.exampleOf(taken, named);
  const ref = components.addSchema(name, { ...taken, examples: [example] });
  const media = {
    schema: ref,
    examples: { input: components.addExample(name, 'What is sent', example) },
  };
  return {
    description: taken.description ?? 'What is to be done. At most 1 MiB.',
    required: true,
    content: { [mediaTypes.json]: media, [mediaTypes.xml]: media },
  };
}

function extensions({ view }: DeclaredRoute): Pick<Operation, 'x-view' | 'x-sections'> {
  if (view === undefined) return {};
  const sections = renderedSections(view).map((name) => [
    name,
    { required: view.sections[name]?.required ?? false },
  ]);
  return {
    'x-view': view.name,
    'x-sections': Object.fromEntries(sections) as Record<string, { required: boolean }>,
  };
}
