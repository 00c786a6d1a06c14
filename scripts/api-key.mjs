// `npm run -s api-key -- partner --scope "catalog:read"`: a new API key on stdout, and on stderr the entry by which a
// gateway knows it; or one line on stderr and exit code 1. Needs nothing built, and keeps nothing.
import { parseArgs } from 'node:util';
import { ensurePrepared } from './prepared.mjs';

const HELP = `npm run -s api-key -- <name> --scope "<scopes>" [--expires <when>]

Prints a new API key to stdout, this once, and to stderr the entry for gateway.yaml, which holds its hash only.
  --scope      what its owner may do, e.g. "catalog:read orders:read"
  --expires    so long from now (90d, 12h, 4w, 1y), or a date (2030-01-31, 2030-01-31T12:00:00Z); never when not given`;

const HOURS = { h: 1, d: 24, w: 7 * 24, y: 365 * 24 };

async function main() {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(HELP);
  const [name, ...more] = positionals;
  if (!name || more.length > 0)
    throw new Error('Whose key? One name, for example: npm run -s api-key -- partner --scope catalog:read');
  ensurePrepared('--quiet');
  const { apiKeyName, scopeName } = await import('../libs/auth/src/api-key/api-key-entry.ts');
  if (!apiKeyName.test(name))
    throw new Error(
      `The name ${name} is not usable: a letter, then letters, digits and dashes, all in lower case.`,
    );
  const scopes = readScopes(values.scope, scopeName);
  const expires = readExpiry(values.expires, Date.now());

  const { generateApiKey, hashApiKey } = await import('../libs/auth/src/api-key/api-key.ts');
  const key = generateApiKey();
  console.error(toInstructions(name, toEntry({ name, sha256: hashApiKey(key), scopes, expires })));
  console.log(key);
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      scope: { type: 'string' },
      expires: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function readScopes(text = '', scopeName) {
  const scopes = [...new Set(text.split(/\s+/).filter(Boolean))];
  if (scopes.length === 0)
    throw new Error('What may its owner do? For example: --scope "catalog:read orders:read"');
  const wrong = scopes.find((scope) => !scopeName.test(scope));
  if (wrong !== undefined)
    throw new Error(`${wrong} is no scope: scopes are parted by spaces, without quotes.`);
  return scopes;
}

/** ISO 8601 in UTC; undefined: never. */
function readExpiry(text, nowMs) {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,3})([hdwy])$/.exec(text) ?? [];
  const atMs = unit ? nowMs + count * HOURS[unit] * 3_600_000 : readDate(text);
  if (Number.isNaN(atMs))
    throw new Error(`--expires ${text} is not understood: 90d, 12h, 4w, 1y or 2030-01-31.`);
  if (atMs <= nowMs) throw new Error(`--expires ${text} is over already.`);
  return new Date(Math.ceil(atMs / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}

/** Date.parse reads much more than ISO 8601, takes February 31st, and a time without a zone for one of this machine. */
function readDate(text) {
  const [whole, day] =
    /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  const dayMs = Date.parse(day);
  const isDay = !Number.isNaN(dayMs) && new Date(dayMs).toISOString().startsWith(day);
  return isDay ? Date.parse(whole) : NaN;
}

/** In YAML, as an item of `auth.apiKeys`. */
function toEntry({ name, sha256, scopes, expires }) {
  const quoted = scopes.map((scope) => `'${scope.replaceAll("'", "''")}'`);
  const lines = [`- name: '${name}'`, `  sha256: '${sha256}'`, `  scopes: [${quoted.join(', ')}]`];
  if (expires) lines.push(`  expires: '${expires}'`);
  return lines.map((line) => `    ${line}`).join('\n');
}

const toInstructions = (
  name,
  entry,
) => `Put this into gateway.yaml, under auth.apiKeys (auth.methods must name api-key):

${entry}

Hand the key to ${name} by a safe way: it cannot be shown again. It is sent as X-API-Key: <key>.
To rotate it, add the entry of a second key of the same name, let ${name} move over, then remove this one.
`;

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
