import { pathOfProgram } from '@bff/testing';
import { type Browser, chromium } from 'playwright-core';

/** It asks nobody for updates, and loads what the tests serve and nothing else. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** That of the machine, without a window. */
export function startChromium(): Promise<Browser> {
  const executablePath = pathOfProgram('chromium');
  if (executablePath === undefined) throw new Error('chromium is not installed');
  // Its sandbox needs what root and most containers have not.
  return chromium.launch({ executablePath, chromiumSandbox: false, args: flags });
}
