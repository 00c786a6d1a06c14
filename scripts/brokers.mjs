// The brokers that tests talk to, the balancer and the browser in front of them: finds them, and installs what is missing
// where that is possible (Debian's apt).
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inCi } from './jest-ci.mjs';
import { startProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/** Each Debian package is named like the program in it, and like its system service where it has one. */
const BROKERS = [
  { server: 'redis-server', tests: 'Redis' },
  { server: 'nats-server', tests: 'NATS' },
  { server: 'rabbitmq-server', tests: 'RabbitMQ' },
  { server: 'haproxy', tests: 'HAProxy' },
  { server: 'chromium', tests: 'Chromium' },
];

/** Where servers lie that are not on every PATH; libs/testing looks there too. */
const FOLDERS = ['/usr/sbin', '/usr/lib/rabbitmq/bin'];

/**
 * Run as root. Status 101 of policy-rc.d (invoke-rc.d(8)) keeps Debian from starting what it installs; one that is
 * there already is the machine's own. Nothing of it starts at the next boot either.
 */
const INSTALL = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' >"$policy" && chmod 755 "$policy" || exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
status=$?
if command -v systemctl >/dev/null; then
  for service; do systemctl disable --now "$service" >/dev/null 2>&1; done
fi
exit $status
`;

/** What is not installed, in the order of BROKERS. */
export function missingBrokers() {
  return BROKERS.filter(({ server }) => !isOnPath(server, FOLDERS));
}

/**
 * Installs what is missing. Undefined once all is there, else the line to tell: what that means for the tests, why it
 * is so, and how to mend it.
 */
export async function ensureBrokers() {
  const missing = missingBrokers();
  if (missing.length === 0) return undefined;
  const servers = missing.map(({ server }) => server);
  const reason = await install(servers);
  const left = missingBrokers();
  if (left.length === 0) return undefined;
  const what = `The tests against ${listOf(left.map(({ tests }) => tests))} ${inCi ? 'fail' : 'are skipped'}`;
  const names = left.map(({ server }) => server);
  return `${what}: ${listOf(names)} ${names.length > 1 ? 'are' : 'is'} not installed, and ${reason}.`;
}

/** Why they are not installed afterwards, with the remedy. */
async function install(servers) {
  const byHand = `Install ${servers.length > 1 ? 'them' : 'it'} by hand, then run this again`;
  if (!isOnPath('apt-get')) return `this machine has no apt-get. ${byHand}`;
  const asRoot = await rootCommand();
  const command = `sudo apt-get install --no-install-recommends ${servers.join(' ')}`;
  if (!asRoot) return `only root may install. Run \`${command}\`, then run this again`;
  const progress = startProgress(`Installing ${listOf(servers)} for the tests`);
  const [program, ...args] = [...asRoot, 'sh', '-c', INSTALL, 'install', ...servers];
  const { code, output } = await runCommand(program, args, { onLine: progress.now });
  if (code === 0) progress.done();
  else progress.failed();
  const cause = output.split('\n').findLast((line) => line.startsWith('E: '));
  return `apt-get could not install ${servers.length > 1 ? 'them' : 'it'} (${cause ?? `exit ${code}`}). ${byHand}`;
}

/** What to put before a command so that root runs it; undefined where nobody lets us. */
async function rootCommand() {
  if (process.getuid?.() === 0) return [];
  const { code } = await runCommand('sudo', ['-n', 'true'], {});
  return code === 0 ? ['sudo', '-n'] : undefined;
}

function isOnPath(name, more = []) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...more];
  return folders.some((folder) => folder !== '' && isExecutable(join(folder, name)));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function listOf(names) {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names[0];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const failure = await ensureBrokers();
  if (failure) console.error(failure);
  process.exitCode = failure && inCi ? 1 : 0;
}
