import { InputData, JSONSchemaInput, quicktype } from 'quicktype-core';

/** For the teams that do not speak TypeScript. Swift's decoder takes no times with milliseconds: they stay text. */
const languages = [
  { lang: 'kotlin', extension: 'kt', rendererOptions: { framework: 'kotlinx', package: 'bff' } },
  {
    lang: 'swift',
    extension: 'swift',
    rendererOptions: { 'access-level': 'public', initializers: 'false' },
    timesAreText: true,
  },
];

/** The models of an API in Kotlin and in Swift, by file name. */
export async function writeNativeModels(models, name) {
  const written = {};
  for (const { lang, extension, rendererOptions, timesAreText } of languages) {
    const inputData = await inputOf(timesAreText ? withoutTimes(models) : models, name);
    const { lines } = await quicktype({ inputData, lang, rendererOptions, combineClasses: false });
    written[`${name}.${extension}`] = `${lines.join('\n').trimEnd()}\n`;
  }
  return written;
}

/**
 * One type with a member for each model: this way each of them is written once, under its own name, however many
 * others it is part of.
 */
async function inputOf(models, name) {
  const names = Object.keys(models);
  const schema = {
    description: 'Each model once. No answer looks like this.',
    type: 'object',
    properties: Object.fromEntries(names.map((one) => [one, { $ref: `#/definitions/${one}` }])),
    definitions: Object.fromEntries(names.map((one) => [one, { title: one, ...models[one] }])),
  };
  const text = JSON.stringify(schema).replaceAll('#/components/schemas/', '#/definitions/');
  const input = new JSONSchemaInput(undefined);
  await input.addSource({ name: `${name}Models`, schema: text });
  const data = new InputData();
  data.addInput(input);
  return data;
}

function withoutTimes(models) {
  return JSON.parse(JSON.stringify(models), (_key, value) => {
    if (value?.format !== 'date-time') return value;
    const { format: _format, ...text } = value;
    return text;
  });
}
