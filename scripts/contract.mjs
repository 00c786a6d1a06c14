// `npm run contract`: what changed in `apps/*/openapi.json` since a base. Exit code 1 when something breaks clients that
// contract-changes.yaml does not declare. Works in the folder it is started in, from the sources of libs/contract.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensurePrepared } from './prepared.mjs';

const HELP = `npm run contract [-- --base <git ref>] [--changelog]

Compares apps/*/openapi.json with those of the base and names every change.
  --base       CONTRACT_BASE (environment) when not given, else the merge base with origin/main, else with
               origin/HEAD, else HEAD~1
  --changelog  writes the changes into CHANGELOG.md of each app, under "Unreleased"`;

const DECLARATIONS = 'contract-changes.yaml';

const toUndeclaredText = (declarations) => `
Frontends that are out there break on what is marked BREAKING. Keep the contract: add instead of changing, and remove
what nobody uses any more. Or declare that it is meant: put this into ${DECLARATIONS}, with the reason in place of
the …, then run \`npm run contract -- --changelog\`.

${declarations}`;

async function main() {
  const { values } = parseArgs({
    options: { base: { type: 'string' }, changelog: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(HELP);
  ensurePrepared('--quiet');
  await import('@oxc-node/core/register');
  const contract = await import('../libs/contract/src/index.ts');

  const base = findBase(values.base || process.env.CONTRACT_BASE);
  if (base.commit === undefined) return console.log(`Nothing to compare with: ${base.why}.`);
  console.log(`Contracts since ${base.commit.slice(0, 12)}, ${base.why}`);
  const reviews = reviewAll(contract, base.commit);
  const undeclared = reviews.filter((review) => review.undeclared.length > 0);
  if (undeclared.length > 0) {
    const today = new Date().toISOString().slice(0, 10);
    throw new Error(toUndeclaredText(contract.toDeclarations(undeclared, today)));
  }
  if (values.changelog) reviews.forEach((review) => writeChangelog(contract, review, base.commit));
}

/** Tells of each app as it goes. */
function reviewAll({ compareContracts, readDeclaredBreaks, reviewChanges, toReport }, base) {
  const declared = named(DECLARATIONS, () => readDeclaredBreaks(readHere(DECLARATIONS) ?? ''));
  const apps = appsIn(base);
  return [...new Set([...apps, ...declared.keys()])].sort().flatMap((app) => {
    const path = `apps/${app}/openapi.json`;
    const [before, after] = [readAt(base, path), readHere(path)];
    if (apps.includes(app) && before === undefined) {
      console.log(`\n${app}: its contract is new, the base has no ${path}.`);
      return [];
    }
    // A contract that is not there promises nothing.
    const parse = (text, which) => named(`${path} ${which}`, () => JSON.parse(text ?? '{}'));
    const changes = named(path, () => compareContracts(parse(before, 'of the base'), parse(after, 'here')));
    const review = reviewChanges(app, changes, declared.get(app) ?? []);
    console.log(`\n${toReport(review)}`);
    return [review];
  });
}

/** With a contract, here or at the base. */
function appsIn(base) {
  const here = existsSync('apps') ? readdirSync('apps').map((app) => `apps/${app}/openapi.json`) : [];
  const there = (git('ls-tree', '-r', '--name-only', base, '--', 'apps/') ?? '').split('\n');
  const paths = [...here.filter((path) => existsSync(path)), ...there];
  return paths.flatMap((path) => /^apps\/([^/]+)\/openapi\.json$/.exec(path)?.[1] ?? []);
}

function writeChangelog({ toChangelog }, review, base) {
  const path = `apps/${review.app}/CHANGELOG.md`;
  const current = readHere(path) ?? '';
  const changelog = toChangelog(review, current, readAt(base, path) ?? '');
  if (changelog === current) return;
  writeFileSync(path, changelog);
  console.log(`\nWrote ${path}.`);
}

/** Says which file it was that failed. */
function named(file, work) {
  try {
    return work();
  } catch (error) {
    throw new Error(`${file}: ${error.message}`, { cause: error });
  }
}

/** The commit to compare with, or none, and why. */
function findBase(given) {
  if (git('rev-parse', '--git-dir') === undefined) return { why: 'this is no git repository' };
  // CI has zeros where a branch is new.
  if (given && !/^0+$/.test(given)) {
    const commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${given}^{commit}`);
    if (commit) return { commit, why: given };
    throw new Error(
      `The base ${given} is not here: fetch it (in CI: fetch-depth: 0), or name another by --base.`,
    );
  }
  const candidates = [
    [git('merge-base', 'HEAD', 'origin/main'), 'the merge base with origin/main'],
    [git('merge-base', 'HEAD', 'origin/HEAD'), 'the merge base with origin/HEAD'],
    [git('rev-parse', '--verify', '--quiet', 'HEAD~1'), 'the commit before this one'],
  ];
  const [commit, why] = candidates.find(([found]) => found) ?? [];
  if (commit) return { commit, why };
  const shallow = git('rev-parse', '--is-shallow-repository') === 'true';
  return { why: shallow ? 'the clone is shallow, fetch its history' : 'there is no commit before this one' };
}

function readHere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function readAt(base, path) {
  return git('show', `${base}:./${path}`);
}

/** What git says, undefined when it says no or is not installed. */
function git(...args) {
  const { status, stdout, error } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error && error.code !== 'ENOENT') throw error;
  return status === 0 ? stdout.trim() : undefined;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
