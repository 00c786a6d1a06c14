import { Meta, SectionReport, type View } from '@bff/views';
import type { Components } from './components.js';
import type { JsonSchema, Ref } from './document.js';

const complete = { status: 'ok' };

/** How the sections of an answer came about: `_meta`. */
export function addMetaSchemas(components: Components): void {
  const report = components.addSchema('SectionReport', {
    description: 'How one section came about. `reason` says why it is not `ok`; `ageMs` goes with `stale`.',
    ...components.toSchema(SectionReport, 'output'),
    examples: [complete],
  });
  const meta = components.toSchema(Meta, 'output');
  const { complete: isComplete = {}, sections = {} } = meta.properties ?? {};
  components.addSchema('Meta', {
    description: 'What a frontend got, and what it did not.',
    ...meta,
    properties: {
      complete: { description: 'No section is missing, stale or a stand-in.', ...isComplete },
      sections: { description: 'By name.', ...sections, additionalProperties: report },
    },
    examples: [{ complete: true, sections: { name: complete } }],
  });
}

/** The answer of a view, as the component of its name. `isMetaAlways`: `_meta` is on complete answers too. */
export function addViewSchema(components: Components, view: View, isMetaAlways: boolean): Ref {
  const schema = components.toSchema(view.schema.omit({ _meta: true }), 'output');
  const written: JsonSchema = {
    xml: { name: view.name },
    ...schema,
    properties: { ...schema.properties, _meta: { $ref: '#/components/schemas/Meta' } },
    required: [...(schema.required ?? []), ...(isMetaAlways ? ['_meta'] : [])],
  };
  const example = viewExample(components, view, schema, isMetaAlways);
  components.addExample(view.name, 'A complete answer', example);
  return components.addSchema(view.name, { ...written, examples: [example] });
}

function viewExample(components: Components, view: View, schema: JsonSchema, isMetaAlways: boolean): object {
  const values = components.exampleOf(schema) as object;
  return isMetaAlways ? { ...values, _meta: metaExample(view) } : values;
}

/** That of an answer in which nothing is missing. */
export function metaExample({ sections }: View): object {
  return {
    complete: true,
    sections: Object.fromEntries(Object.keys(sections).map((name) => [name, complete])),
  };
}
