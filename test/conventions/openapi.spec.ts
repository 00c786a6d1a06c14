import { type OpenApiDocument, readOpenApiDocument } from '@bff/gateway';
import { importGateways } from '../world/gateways.js';
import { CheckedDocument, endpointsOf, findAll } from './checked-document.js';
import { lintWithRedocly, lintWithSpectral } from './openapi-lint.js';
import { readJson } from './packages.js';

const definitions = await importGateways();
const committed = (name: string) => readJson(`apps/${name}/openapi.json`) as OpenApiDocument;

describe.each(definitions)('openapi.json of $name', (definition) => {
  const document = committed(definition.name);
  const checked = new CheckedDocument(document);

  test('is the one that the code makes (if not: npm run openapi)', async () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(await readOpenApiDocument(definition))));
  });

  test('passes Redocly’s strictest rules', async () => {
    expect(await lintWithRedocly(document)).toEqual([]);
  });

  test('passes Spectral’s rules and those of OWASP, but for the exceptions that have a reason', async () => {
    expect(await lintWithSpectral(document)).toEqual([]);
  }, 60_000);

  test('has examples that fit their schemas', () => {
    const wrong = checked
      .examples()
      .map(({ where, value, schema }) => ({ where, mistakes: checked.mistakesIn(value, schema) }))
      .filter(({ mistakes }) => mistakes.length > 0);
    expect(wrong).toEqual([]);
  });

  test('has an example of every schema, parameter and media type', () => {
    const { schemas, parameters } = document.components;
    for (const [name, { examples }] of Object.entries(schemas))
      expect({ name, examples }).toEqual({ name, examples: [expect.anything()] });
    for (const [name, { example }] of Object.entries(parameters))
      expect({ name, example }).toEqual({ name, example: expect.anything() });
    for (const { operation } of endpointsOf(document))
      for (const parameter of operation.parameters)
        expect(parameter).toEqual(
          '$ref' in parameter ? parameter : { ...parameter, example: expect.anything() },
        );
    for (const { where, found } of findAll(document, isContent))
      for (const media of Object.values(found))
        expect({ where, examples: Object.keys(media.examples) }).not.toEqual({ where, examples: [] });
  });

  test('knows no money that is a float', () => {
    const isMoney = (value: object, path: string): value is object =>
      /\/properties\/(amount|price|unitPrice|total|cost)$/.test(path) && 'type' in value;
    const floats = findAll(document, isMoney).filter(({ found }) =>
      [(found as { type: unknown }).type].flat().some((type) => type === 'number'),
    );
    expect(floats).toEqual([]);
  });
});

function isContent(value: object, path: string): value is Record<string, { examples: object }> {
  return path.endsWith('/content');
}
