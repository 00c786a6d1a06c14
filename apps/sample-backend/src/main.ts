import { ConfigError, readConfig } from './config.js';
import { ListenError } from './faults/listen.error.js';
import { log } from './log.js';
import { serviceNames, type ServiceName } from './service.js';
import { startServices, type RunningServices } from './start-services.js';

/** Closing may take this long; then the process ends with what is still open. */
const closeWithinMs = 800;

/** `main.js` starts everything, `main.js orders` one service alone. */
async function main(alone: string | undefined): Promise<void> {
  if (alone !== undefined && !isService(alone))
    return fail(`unknown service ${alone}: ${serviceNames.join(', ')}`);
  try {
    announce(await startServices(readConfig(alone)));
  } catch (error) {
    if (error instanceof ConfigError || error instanceof ListenError) return fail(error.message);
    throw error;
  }
}

function announce(running: RunningServices): void {
  const close = () => {
    setTimeout(() => process.exit(0), closeWithinMs).unref();
    void running.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', close).once('SIGINT', close);
  for (const [service, port] of running.ports) log('listening', { service, port });

  if (!process.send) return;
  process.once('disconnect', close);
  process.send({ ready: true, ports: Object.fromEntries(running.ports) });
}

function isService(name: string): name is ServiceName {
  return serviceNames.some((service) => service === name);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

await main(process.argv[2]);
