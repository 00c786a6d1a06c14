import { mediaTypes, renderedSections, type View } from '@bff/views';
import type { DeclaredRoute } from '../management/route-table.js';
import type { Components } from './components.js';
import type { Answer, Content, Operation } from './document.js';
import { headerRefs, headersOfAll } from './headers.js';
import { namesIn } from './named-examples.js';
import { isCached, parametersOf } from './parameters.js';
import { plainAnswers } from './plain-answer.js';
import { problemRefs } from './problem-responses.js';
import { addViewRecords } from './record-schemas.js';
import { type Access, securityOf } from './security.js';
import { addViewSchema } from './view-schemas.js';
import { capitalize, controllerName, descriptionOf, operationIdOf, summaryOf, tagOf } from './words.js';

export interface OperationOptions {
  readonly components: Components;
  readonly access: Access;
  /** Whether complete answers carry `_meta` too. */
  readonly isMetaAlways: boolean;
}

/** One route as an operation. What it takes looks, in examples, like what it answers with. */
export function toOperation(route: DeclaredRoute, options: OperationOptions): Operation {
  const { components, access } = options;
  const successes = successesOf(route, options);
  const named = namesIn(components.allExamples()[route.view?.name ?? '']?.value);
  const requestBody = requestBodyOf(route, components, named);
  return {
    operationId: operationIdOf(route),
    summary: summaryOf(route),
    description: descriptionOf(route),
    tags: [tagOf(route)],
    security: securityOf(route, access),
    parameters: parametersOf(route, options, named),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...successes, ...problemRefs(route, access) },
    ...extensions(route),
  };
}

function successesOf(route: DeclaredRoute, options: OperationOptions): Record<string, Answer> {
  const { view, answer } = route;
  if (answer !== undefined) return plainAnswers(route, answer, options.components);
  return viewAnswers(route, view === undefined ? {} : viewContent(view, options));
}

function viewContent(view: View, { components, isMetaAlways }: OperationOptions): Content {
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

function viewAnswers(route: DeclaredRoute, content: Content): Record<string, Answer> {
  const { status, view } = route;
  const cached = ['ETag', 'Cache-Control', 'Vary'];
  const told = [...headersOfAll, ...cached, 'X-Incomplete', 'Server-Timing'];
  const created = status === 201 ? ['Location'] : [];
  const replayed = route.idempotency === undefined ? [] : ['Idempotency-Replayed'];
  const name = view === undefined ? 'The answer' : `The view \`${view.name}\``;
  const success = {
    description: `${name}, in the form that \`Accept\` asks for; complete, or honest about what is missing.`,
    headers: headerRefs(...told, ...created, ...replayed),
    content,
  };
  const unchanged = {
    description: 'The answer that `If-None-Match` names is still the same.',
    headers: headerRefs(...headersOfAll, ...cached, 'Server-Timing'),
  };
  return { [status]: success, ...(isCached(route) ? { 304: unchanged } : {}) };
}

function requestBodyOf(
  { inputs, controller, answer, takesForm }: DeclaredRoute,
  components: Components,
  named: ReturnType<typeof namesIn>,
): Operation['requestBody'] {
  const schema = inputs.find(({ from }) => from === 'body')?.schema;
  if (schema === undefined) return undefined;
  const name = `${capitalize(answer?.operation ?? controllerName(controller))}Input`;
  const taken = { ...(takesForm ? {} : { xml: { name } }), ...components.toSchema(schema, 'input') };
  const example = components.exampleOf(taken, named);
  const ref = components.addSchema(name, { ...taken, examples: [example] });
  const media = {
    schema: ref,
    examples: { input: components.addExample(name, 'What is sent', example) },
  };
  return {
    description: taken.description ?? 'What is to be done. At most 1 MiB.',
    required: true,
    content: takesForm
      ? { 'application/x-www-form-urlencoded': media }
      : { [mediaTypes.json]: media, [mediaTypes.xml]: media },
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
