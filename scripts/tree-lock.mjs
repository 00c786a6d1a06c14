import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 50;

/** What renaming onto a folder that is not empty gives, EPERM on Windows. */
const EXISTS = ['ENOTEMPTY', 'EEXIST', 'EPERM'];

/** Runs `work` while no other process prepares the same tree; a lock whose owner is dead is taken over. */
export async function withTreeLock(root, work) {
  const folder = join(root, '.turbo');
  const lock = join(folder, 'prepare.lock');
  mkdirSync(folder, { recursive: true });
  for (let told = false; !take(folder, lock); await wait(POLL_MS)) {
    const owner = readOwner(lock);
    if (owner !== undefined && !isAlive(owner)) discard(lock, owner);
    else if (!told && owner !== undefined) {
      told = true;
      console.error(
        `Waiting for process ${owner}, which prepares this folder. If there is none, delete ${lock}.`,
      );
    }
  }
  try {
    return await work();
  } finally {
    discard(lock, process.pid);
  }
}

/** A folder that already holds our pid is renamed to the lock: it is there whole or not at all. */
function take(folder, lock) {
  if (readOwner(lock) !== undefined) return false;
  const ours = mkdtempSync(join(folder, 'prepare-'));
  try {
    writeFileSync(join(ours, 'pid'), String(process.pid));
    renameSync(ours, lock);
    return true;
  } catch (error) {
    rmSync(ours, { recursive: true, force: true });
    if (EXISTS.includes(error.code)) return false;
    throw error;
  }
}

/** Moves the owner's lock away before it is deleted; should a new owner have come in between, its lock is put back. */
function discard(lock, owner) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readOwner(aside) !== owner) renameSync(aside, lock);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** The pid in the lock; undefined when there is none any more. */
function readOwner(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
