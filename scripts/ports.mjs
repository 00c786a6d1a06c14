import { createServer } from 'node:net';

/** Error codes of listening, in words with their remedy; `port` is `{ number, app, name }`. */
const PROBLEMS = {
  EADDRINUSE: ({ number }) =>
    `is taken. Stop what uses it (\`lsof -i :${number}\`), or set PORT_OFFSET=100 to move every port by 100.`,
  EACCES: () => 'needs more rights than you have. Set PORT_OFFSET so that every port is above 1023.',
  EADDRNOTAVAIL: (port, host) => `cannot be opened: HOST=${host} is not an address of this machine.`,
};

/** One line for each port that cannot be listened on. */
export async function problemsWithPorts(ports, host) {
  const lines = await Promise.all(
    ports.map(async (port) => {
      const error = await tryToListen(port.number, host);
      if (!error) return [];
      const problem = PROBLEMS[error.code]?.(port, host) ?? `cannot be opened: ${error.message}`;
      return [`Port ${port.number} (${port.app}, ${port.name}) ${problem}`];
    }),
  );
  return lines.flat();
}

function tryToListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
