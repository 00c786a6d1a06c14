/**
 * The npm that runs us, else the one on the PATH, on a Node outside of the node_modules it is about to replace.
 * `npm_execpath` and `npm_node_execpath` are set by npm for the scripts it runs.
 */
export function npmCommand() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script?.endsWith('js')) return { command: node ?? process.execPath, args: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}
