// Runs before `npm start`, `npm test` and the like, on whatever Node the machine has and with nothing installed:
// installs what package-lock.json asks for and, with --build, builds what changed. --quiet speaks only when it has
// to do something. Everything it says goes to stderr. No syntax here that an old Node could not read.
const needed = 20;
const major = Number(process.versions.node.split('.')[0]);

if (major < needed) {
  console.error(
    'This needs Node ' +
      needed +
      ' or newer and found ' +
      process.version +
      ': install one from https://nodejs.org.',
  );
  process.exit(1);
}

const options = { build: process.argv.includes('--build'), quiet: process.argv.includes('--quiet') };
import('./prepare-tree.mjs').then((steps) => steps.prepareTree(options));
