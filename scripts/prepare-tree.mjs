import { build } from './build.mjs';
import { describeBuildFailure, describeFailure } from './failures.mjs';
import { install } from './install.mjs';
import { reasonToInstall } from './install-stamp.mjs';
import { root } from './root.mjs';
import { withTreeLock } from './tree-lock.mjs';

/** Installs and builds what is missing in the tree; ends the process with 1 and the reason when it cannot. */
export async function prepareTree({ build: mustBuild, quiet }) {
  try {
    if (reasonToInstall(root)) await withTreeLock(root, installMissing);
  } catch (error) {
    fail(describeFailure(error));
  }
  if (!mustBuild) return;
  try {
    await withTreeLock(root, () => build(root, quiet));
  } catch (error) {
    fail(error.output === undefined ? describeFailure(error) : describeBuildFailure(error));
  }
}

/** Asks again under the lock: whoever held it before may have done the work. */
async function installMissing() {
  const reason = reasonToInstall(root);
  if (reason) await install(root, reason);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
