import { readGateways } from '../gateways.mjs';
import { addTemplates } from './add-templates.mjs';
import { addClientPackage, addGatewayPackage } from './add-workspace.mjs';
import { readName, toCamel, toWords } from './names.mjs';
import { nextSteps } from './next-steps.mjs';
import { addView } from './view.mjs';

/** What is the same in every gateway, taken from the one that is there. */
const sameFiles = ['tsconfig.json', 'tsconfig.build.json', 'turbo.json'];

/** `npm run new:bff`: a gateway with one screen, its tests, its typed client, and its place in the containers. */
export const bff = {
  questions: (draft) => {
    const gateways = readGateways(draft.root);
    return [
      {
        flag: 'name',
        text: 'Name of the gateway, such as tv-bff',
        read: (text) => `${readName(text).replace(/-bff$/, '')}-bff`,
      },
      {
        flag: 'port',
        text: 'Port; the management port is 100 above it',
        otherwise: String(Math.max(...gateways.map(({ port }) => port)) + 1),
        read: (text) => readPort(text, gateways),
      },
    ];
  },
  draft: (draft, { name, port }) => {
    if (draft.has(`apps/${name}`)) throw new Error(`apps/${name} is already there. Nothing was written.`);
    const [pattern] = readGateways(draft.root);
    const short = name.replace(/-bff$/, '');
    const values = { name, short, client: toWords(short), exportName: toCamel(name), port };
    addTemplates(draft, 'bff', { ...values, managementPort: port + 100 });
    for (const file of sameFiles)
      draft.create(`apps/${name}/${file}`, draft.read(`apps/${pattern.name}/${file}`));
    addGatewayPackage(draft, values);
    addClientPackage(draft, values);
    addView(draft, { app: name, name: 'home', path: '/v1/home' });
    draft.edit('docker-compose.yml', (text) => addService(text, name, port));
    draft.edit('deploy/Dockerfile', (text) => exposePorts(text, [port, port + 100]));
    draft.edit('README.md', (text) => addToMap(text, values));
    return nextSteps(draft, [
      `npm start, then curl localhost:${port}/v1/home -H "Authorization: Bearer $(npm run -s token -- ada)"`,
      `npm test -- test/${name} test/conventions`,
    ]);
  },
};

/** Not one of the other gateways', nor of the sample services. */
function readPort(text, gateways) {
  const port = Number(text);
  const wanted = [port, port + 100];
  const taken = gateways.flatMap((gateway) => [gateway.port, gateway.managementPort]);
  if (!Number.isInteger(port) || port < 1024 || port > 65_435)
    throw new Error(`"${text}": expected a port between 1024 and 65435`);
  if (wanted.some((one) => taken.includes(one) || (one >= 4000 && one < 4010)))
    throw new Error(`${wanted.join(' or ')} is the port of something else here`);
  return port;
}

/** A service like that of the other gateways, before the networks; the services behind it are told to trust it. */
function addService(text, name, port) {
  const trusted = text.replace(
    /^( +GATEWAY_JWKS_URLS: \S+)$/m,
    (line) => `${line},http://${name}:${port + 100}/.well-known/jwks.json`,
  );
  return trusted.replace(
    /\nnetworks:\n/,
    (networks) => `
  ${name}:
    <<: *gateway
    image: bff-platform/${name}
    build:
      context: .
      dockerfile: deploy/Dockerfile
      args: { APP: ${name} }
    environment:
      <<: *gateway-environment
    ports: ['127.0.0.1:${port}:${port}']
    healthcheck:
      <<: *health
      test:
        [
          CMD,
          node,
          -e,
          "fetch('http://127.0.0.1:${port + 100}/health/ready').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))",
        ]
${networks}`,
  );
}

function exposePorts(text, added) {
  return text.replace(/^EXPOSE (.+)$/m, (_, ports) => {
    const all = [...ports.split(' ').map(Number), ...added].sort((a, b) => a - b);
    return `EXPOSE ${all.join(' ')}`;
  });
}

/** A row after the last gateway's. */
function addToMap(text, { name, client, port }) {
  const rows = [...text.matchAll(/^\| `apps\/[a-z0-9-]+-bff`.*\n/gm)];
  const last = rows.at(-1);
  if (!last) return text;
  const at = last.index + last[0].length;
  const row = `| \`apps/${name}\` | gateway of the ${client} app, port ${port}, management ${port + 100} |\n`;
  return text.slice(0, at) + row + text.slice(at);
}
