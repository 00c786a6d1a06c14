import { renderedSections, SectionReport, type View } from '@bff/views';
import type { Components } from './components.js';
import type { JsonSchema, MediaType, Ref } from './document.js';
import { metaExample } from './view-schemas.js';

const problem = { $ref: '#/components/schemas/Problem' };
const meta = { $ref: '#/components/schemas/Meta' };

const description =
  'One record of a progressive answer: `start`, each section the moment it is there, then `complete` or `problem`. ' +
  'As `application/x-ndjson` it is a line of JSON; as `text/event-stream` its `event` is in the event line and the ' +
  'rest of it, as JSON, in the data line (and heartbeats are comments).';

const common = {
  complete: { $ref: '#/components/schemas/CompleteRecord' },
  problem: { $ref: '#/components/schemas/ProblemRecord' },
  heartbeat: { $ref: '#/components/schemas/HeartbeatRecord' },
};

/** The records that every view has in common. */
export function addCommonRecords(components: Components): void {
  components.addSchema('CompleteRecord', record('complete', { _meta: meta }));
  components.addSchema('ProblemRecord', {
    ...record('problem', { problem }),
    description: 'The answer failed after it had begun; nothing follows.',
  });
  components.addSchema('HeartbeatRecord', {
    ...record('heartbeat', {}),
    description: 'There is more to come.',
  });
}

/** What a view's progressive answers consist of, as `<View>Record`; the media type is the same for both forms. */
export function addViewRecords(components: Components, view: View): MediaType {
  const { name } = view;
  const start = components.addSchema(`${name}Start`, startRecord(view));
  const sections = renderedSections(view).map((section) => sectionRecord(components, name, section));
  const section = components.addSchema(`${name}Section`, {
    ...oneOf(sections),
    description: 'A section; without `data` where nothing stands in for it.',
    examples: [sectionExample(components, view)],
  });
  const records: Record<string, Ref> = { start, section, ...common };
  const mapping = Object.entries(records).map(([event, { $ref }]) => [event, $ref]);
  const schema = components.addSchema(`${name}Record`, {
    description,
    oneOf: Object.values(records),
    discriminator: { propertyName: 'event', mapping: Object.fromEntries(mapping) as object },
  });
  return { schema, examples: addExamples(components, view) };
}

/** OpenAPI's linters want no choice where there is none. */
function oneOf(alternatives: readonly JsonSchema[]): JsonSchema {
  const [only = {}] = alternatives;
  return alternatives.length === 1 ? only : { oneOf: alternatives };
}

function addExamples(components: Components, view: View): MediaType['examples'] {
  const complete = { event: 'complete', _meta: metaExample(view) };
  const add = (event: string, value: unknown) =>
    components.addExample(`${view.name}.${event}`, `The record of \`${event}\``, value);
  return {
    start: add('start', components.exampleOf(startRecord(view))),
    section: add('section', sectionExample(components, view)),
    complete: add('complete', complete),
  };
}

function startRecord(view: View): JsonSchema {
  const names = renderedSections(view);
  const sections = {
    type: 'array',
    description: 'What there will be, in no particular order.',
    items: { type: 'string', enum: names, 'x-extensible-enum': true },
    maxItems: names.length,
    examples: [names],
  };
  return record('start', { view: { type: 'string', const: view.name }, sections });
}

function sectionRecord(components: Components, view: string, section: string): JsonSchema {
  const { properties = {}, required = [] } = components.toSchema(SectionReport, 'output');
  const data = { $ref: `#/components/schemas/${view}/properties/${section}` };
  const schema = record('section', { section: { type: 'string', const: section }, ...properties, data });
  return { ...schema, required: ['event', 'section', ...required] };
}

function sectionExample(components: Components, view: View): object {
  const [section = ''] = renderedSections(view);
  const data = components.exampleOf({ $ref: `#/components/schemas/${view.name}/properties/${section}` });
  return { event: 'section', section, status: 'ok', data };
}

function record(event: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: 'object',
    properties: { event: { type: 'string', const: event }, ...properties },
    required: ['event', ...Object.keys(properties)],
    additionalProperties: false,
  };
}
