/**
 * `oidc-provider`, imported without its line on standard error about Node 26: it looks for
 * `process.release.lts`, which the builds of the npm package `node` do not carry.
 */
export const { Provider, errors, interactionPolicy } = await importQuietly();

async function importQuietly(): Promise<typeof import('oidc-provider')> {
  // oxlint-disable-next-line no-console
  const warn = console.warn;
  const quiet: typeof warn = (...line) => {
    if (!String(line[0]).includes('Unsupported runtime')) warn(...line);
  };
  Object.assign(console, { warn: quiet });
  try {
    return await import('oidc-provider');
  } finally {
    Object.assign(console, { warn });
  }
}
