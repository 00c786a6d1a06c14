// Run after an `npm install` that changed dependencies: `node scripts/complete-lock.mjs`. A registry that does not
// carry the binaries of every platform makes npm leave those out of package-lock.json, and then `npm ci` refuses the
// lock file everywhere (EUSAGE, "Missing: … from lock file"). This adds what is missing; npm then skips the platforms
// that are not ours without asking the registry.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** The lock entry an optional platform package must have, read from its name: `…-linux-x64-musl`. */
function platformEntry(name, version, dev) {
  const words = name.split(/[-/]/).map((word) => ({ windows: 'win32', 64: 'x64' })[word] ?? word);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = words.includes('arm') ? 'arm' : PROCESSORS.find((processor) => words.includes(processor));
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(
      `${name}@${version} names no platform and version we know: add it to scripts/complete-lock.mjs`,
    );
  }
  const libc = words.at(-1).startsWith('musl')
    ? 'musl'
    : words.at(-1).startsWith('gnu')
      ? 'glibc'
      : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev && { dev }),
    ...(libc && { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

/** Whether `name`, wanted by the package installed at `at`, is found by walking up the node_modules folders. */
function isLocked(packages, at, name) {
  for (let folder = at; ;) {
    if (packages[`${folder && `${folder}/`}node_modules/${name}`]) return true;
    if (!folder) return false;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1));
  }
}

/** Entries by path for every optional dependency the lock file does not hold. */
export function missingEntries(packages) {
  const missing = {};
  for (const [at, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!isLocked(packages, at, name)) missing[`node_modules/${name}`] = platformEntry(name, version, dev);
    }
  }
  return missing;
}

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingEntries(lock.packages);
  const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) =>
    a.localeCompare(b, 'en'),
  );
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(missing).length} platform packages added.`);
}
