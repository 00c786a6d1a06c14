import { readGateways } from '../gateways.mjs';
import { addTemplates } from './add-templates.mjs';
import { addExport } from './edit-source.mjs';
import { readName, toCamel, toConstant, toPascal, toSingular, toWords } from './names.mjs';

/** What is said of a protocol: in the documentation, as its class, and as an address in development. */
const protocols = {
  http: { title: 'HTTP and JSON', upstreamClass: 'HttpUpstream', url: 'http://127.0.0.1:4010' },
  graphql: { title: 'GraphQL', upstreamClass: 'GraphqlUpstream', url: 'http://127.0.0.1:4010/graphql' },
  grpc: { title: 'gRPC', upstreamClass: 'GrpcUpstream', url: '127.0.0.1:4010' },
  xml: { title: 'HTTP and XML', upstreamClass: 'XmlUpstream', url: 'http://127.0.0.1:4010' },
};

/** Where a protocol's definition lies in libs/clients/protocols, and what its path is called. */
const definitions = {
  graphql: { ending: 'graphql', suffix: 'SchemaPath', about: 'GraphQL schema' },
  grpc: { ending: 'proto', suffix: 'ProtoPath', about: 'protobuf definition' },
};

/** `npm run new:upstream`: a client for a service, its test against a real server, and its place in `gateway.yaml`. */
export const upstream = {
  questions: (draft) => {
    const apps = readGateways(draft.root).map(({ name }) => name);
    return [
      { flag: 'name', text: 'Name of the service, such as reviews', read: readName },
      {
        flag: 'protocol',
        text: `Protocol: ${Object.keys(protocols).join(', ')}`,
        otherwise: 'http',
        read: (text) => {
          if (!(text in protocols))
            throw new Error(`"${text}": expected ${Object.keys(protocols).join(', ')}`);
          return text;
        },
      },
      {
        flag: 'app',
        text: `Gateways that call it, of ${apps.join(', ')}, or all`,
        otherwise: 'all',
        read: (text) => readApps(text, apps),
      },
      {
        flag: 'url',
        text: 'Address in development',
        otherwise: ({ protocol }) => protocols[protocol].url,
        read: (text) => text,
      },
    ];
  },
  draft: (draft, { name, protocol, app: apps, url }) => {
    const values = valuesOf(name, protocol);
    addTemplates(draft, `upstream-${protocol}`, values);
    addTemplates(draft, 'upstream', values);
    draft.edit('libs/clients/src/index.ts', (source) => addExports(source, values));
    draft.edit('libs/clients/README.md', (text) => addToTable(text, values));
    if (definitions[protocol]) draft.edit('libs/clients/src/protocols.ts', (text) => text + pathOf(values));
    for (const app of apps) {
      draft.edit(`apps/${app}/gateway.yaml`, (text) => addEntry(text, values, url));
    }
    draft.edit('docker-compose.yml', (text) => addVariable(text, values.variable));
    return [
      'Next:',
      `  Say in libs/clients/src/${name} what the screens need of the service.`,
      `  Where a screen needs it: import ${values.className}ClientModule in the gateway's app.module.ts.`,
      `  npm test -- libs/clients/src/${name}`,
    ];
  },
};

function valuesOf(name, protocol) {
  const file = toSingular(name);
  const definition = definitions[protocol];
  return {
    name,
    words: toWords(name),
    className: toPascal(name),
    field: toCamel(name),
    variable: `${toConstant(name)}_URL`,
    file,
    schema: toPascal(file),
    one: toWords(file),
    article: /^[aeiou]/.test(file) ? 'an' : 'a',
    Article: /^[aeiou]/.test(file) ? 'An' : 'A',
    oneField: toCamel(file),
    protoPackage: name.replaceAll('-', '_'),
    definitionFile: `${name}.${definition?.ending}`,
    definitionPath: `${toCamel(name)}${definition?.suffix}`,
    definitionAbout: definition?.about,
    ...protocols[protocol],
  };
}

function readApps(text, known) {
  const wanted = text === 'all' ? known : text.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: expected ${known.join(', ')} or all`);
  return wanted;
}

function addExports(source, { name, className, file, schema }) {
  const withSchema = addExport(source, schema, `./${name}/${file}.js`);
  const withModule = addExport(withSchema, `${className}ClientModule`, `./${name}/${name}-client.module.js`);
  return addExport(withModule, `${className}Client`, `./${name}/${name}.client.js`);
}

/** A row before that of the modules. */
function addToTable(text, { className, title, definitionAbout, definitionFile }) {
  const where = definitionAbout ? `, \`protocols/${definitionFile}\`` : '';
  return text.replace(
    /^\| `…ClientModule`/m,
    (row) => `| \`${className}Client\` | ${title}${where} |\n${row}`,
  );
}

function pathOf({ words, definitionAbout, definitionPath, definitionFile }) {
  return `
/** Path of the ${words} service's ${definitionAbout}. */
export const ${definitionPath} = fileURLToPath(new URL('../protocols/${definitionFile}', import.meta.url));
`;
}

/** At the end of the upstreams. */
function addEntry(text, { name, variable }, url) {
  if (new RegExp(`^  ${name}:`, 'm').test(text))
    throw new Error(`There is an upstream ${name} already. Nothing was written.`);
  const entry = `  ${name}:\n    url: \${${variable}:${url}}\n    # Decide: a little above its p99.\n    timeout: 1500ms\n`;
  return text.replace(/^upstreams:\n(?: +.*\n)*/m, (upstreams) => upstreams + entry);
}

/** Handed through to the gateways; empty, which counts as not set, where the caller of compose has none. */
function addVariable(text, variable) {
  return text.replace(
    /^x-gateway-environment: .*\n(?: +.*\n)*/m,
    (variables) => `${variables}  ${variable}: \${${variable}:-}\n`,
  );
}
