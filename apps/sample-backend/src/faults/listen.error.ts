import type { ListenerName } from '../service.js';

/** A service cannot listen; the message is one line and says how to mend it. */
export class ListenError extends Error {
  constructor(
    service: ListenerName,
    { host, port }: { host: string; port: number },
    cause: NodeJS.ErrnoException,
  ) {
    super(describe(service, host, port, cause), { cause });
    this.name = 'ListenError';
  }
}

function describe(
  service: ListenerName,
  host: string,
  port: number,
  { code, message }: NodeJS.ErrnoException,
) {
  const variable = `${service.toUpperCase()}_PORT`;
  if (code === 'EADDRINUSE') {
    return (
      `${service}: port ${port} on ${host} is taken; ` +
      `stop what listens there or set ${variable} to another port (0 picks a free one)`
    );
  }
  return `${service}: cannot listen on ${host}:${port} (${code ?? message}); set HOST or ${variable}`;
}
