import { readGateways } from '../gateways.mjs';
import { addTemplates } from './add-templates.mjs';
import { addImport, addToList } from './edit-source.mjs';
import { nextSteps } from './next-steps.mjs';
import { readName, toCamel, toPascal, toWords } from './names.mjs';

const routesSpec = 'test/conventions/routes.spec.ts';

/** `npm run new:view`: a screen with one required and one optional section over the sample services. */
export const view = {
  questions: (draft) => {
    const apps = readGateways(draft.root).map(({ name }) => name);
    return [
      { flag: 'name', text: 'Name of the view, such as order-details', read: readName },
      { flag: 'app', text: `Gateway: ${apps.join(', ')}`, otherwise: apps[0], read: oneOf(apps) },
      {
        flag: 'path',
        text: 'Path, such as /api/order-details',
        otherwise: ({ app, name }) => `${prefixOf(draft, app)}/${name}`,
        read: readPath,
      },
    ];
  },
  draft: (draft, answers) => {
    addView(draft, answers);
    return nextSteps(draft, [
      `Say in apps/${answers.app}/src/views/${answers.name}/${answers.name}.view.ts what the screen shows.`,
      `npm test -- test/${answers.app}/${answers.name} test/conventions`,
    ]);
  },
};

/** Adds the view with its test, its controller's place in the module, and its route's place on the list. */
export function addView(draft, { app, name, path }) {
  const className = toPascal(name);
  const values = { app, appExport: toCamel(app), name, className, method: toCamel(name), path };
  addTemplates(draft, 'view', { ...values, words: toWords(name), controllerPath: path.slice(1) });
  draft.edit(`apps/${app}/src/app.module.ts`, (source) => registerController(source, className, name));
  draft.edit(routesSpec, (source) => addRoute(source, app, path));
}

function registerController(source, className, name) {
  const controller = `${className}Controller`;
  const withController = addToList(
    addImport(source, controller, `./views/${name}/${name}.controller.js`),
    'controllers',
    controller,
  );
  return ['UsersClientModule', 'CatalogClientModule'].reduce(
    (text, module) => addToList(addImport(text, module, '@bff/clients'), 'imports', module),
    withController,
  );
}

/** After the app's last route on the list, else at its end. */
function addRoute(source, app, path) {
  const [list] = /const contract = \[\n[^\]]*\]/.exec(source) ?? [];
  if (!list) return source;
  const entry = `'${app} GET ${path}',`;
  if (list.includes(entry)) throw new Error(`${app} answers GET ${path} already. Nothing was written.`);
  const lines = list.split('\n');
  const last = lines.findLastIndex((line) => line.trim().startsWith(`'${app} `));
  lines.splice(last < 0 ? -1 : last + 1, 0, entry);
  return source.replace(list, () => lines.join('\n'));
}

/** Where the app's other views are: `/v1` of `@Controller('v1/home')`. */
function prefixOf(draft, app) {
  const module = draft.read(`apps/${app}/src/app.module.ts`);
  const [, controller] = /from '\.\/(views\/[^']+)\.js'/.exec(module) ?? [];
  if (!controller) return '/api';
  const [, prefix] = /@Controller\('([a-z0-9-]+)/.exec(draft.read(`apps/${app}/src/${controller}.ts`)) ?? [];
  return `/${prefix ?? 'api'}`;
}

function readPath(text) {
  const path = `/${text.replace(/^\//, '')}`;
  if (!/^(\/[a-z0-9-]+)+$/.test(path))
    throw new Error(`"${text}": expected a path such as /api/order-details; parameters are added by hand`);
  return path;
}

function oneOf(known) {
  return (text) => {
    if (!known.includes(text)) throw new Error(`"${text}": expected one of ${known.join(', ')}`);
    return text;
  };
}
