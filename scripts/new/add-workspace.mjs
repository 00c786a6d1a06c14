import { reasonToInstall, writeStamp } from '../install-stamp.mjs';
import { readGateways } from '../gateways.mjs';
import { addTemplates } from './add-templates.mjs';
import { toCamel, toPascal } from './names.mjs';

const kinds = ['dependencies', 'devDependencies'];
const patternOfClients = 'libs/mobile-client';

/** Writes the manifest of a new gateway: it depends on what all gateways depend on, in their versions. */
export function addGatewayPackage(draft, { name, client }) {
  const manifests = readGateways(draft.root).map((gateway) =>
    draft.readJson(`apps/${gateway.name}/package.json`),
  );
  const [pattern] = manifests;
  const manifest = {
    ...JSON.parse(JSON.stringify(pattern).replaceAll(`${pattern.name}`, name)),
    description: `Gateway of the ${client} app`,
  };
  for (const kind of kinds) manifest[kind] = ofAll(manifests.map((one) => one[kind] ?? {}));
  addWorkspace(draft, `apps/${name}`, manifest);
  draft.editJson('test/package.json', (tests) => {
    tests.dependencies = sorted({ ...tests.dependencies, [name]: '*' });
  });
  draft.editJson('package-lock.json', ({ packages, ...lock }) => {
    packages.test.dependencies = sorted({ ...packages.test.dependencies, [name]: '*' });
    return { ...lock, packages };
  });
}

/** Writes the manifest of a new gateway's typed client, like that of the clients that are there. */
export function addClientPackage(draft, { name, short }) {
  const pattern = draft.readJson(`${patternOfClients}/package.json`);
  const manifest = {
    ...pattern,
    name: `@bff/${short}-client`,
    description: `The typed client of ${name}, generated`,
    generatedFrom: { gateway: name, csrf: false },
  };
  const folder = `libs/${short}-client`;
  addWorkspace(draft, folder, manifest);
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'turbo.json'])
    draft.create(`${folder}/${file}`, draft.read(`${patternOfClients}/${file}`));
  addTemplates(draft, 'client', { name, short, camel: toCamel(short), pascal: toPascal(short) });
}

/** Nothing has to be fetched, so that what `npm install` would do is done here: the lock file, and the link. */
function addWorkspace(draft, folder, manifest) {
  const { name, version, dependencies, devDependencies } = manifest;
  draft.create(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  draft.editJson('package-lock.json', ({ packages, ...lock }) => {
    if (packages[`node_modules/${name}`])
      throw new Error(`There is a package ${name} in node_modules. Nothing was written.`);
    const isNamed = folder.endsWith(`/${name}`);
    packages[folder] = { ...(isNamed ? {} : { name }), version, dependencies, devDependencies };
    packages[`node_modules/${name}`] = { resolved: folder, link: true };
    return { ...lock, packages: sorted(packages) };
  });
  if (!draft.has('node_modules')) return;
  draft.link(`node_modules/${name}`, `${'../'.repeat(name.split('/').length)}${folder}`);
  if (reasonToInstall(draft.root) === undefined) draft.afterwards(() => writeStamp(draft.root));
}

/** What is in all of them. */
function ofAll([first, ...others]) {
  return Object.fromEntries(Object.entries(first).filter(([name]) => others.every((one) => name in one)));
}

const sorted = (object) =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => a.localeCompare(b, 'en')));
