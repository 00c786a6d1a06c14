import { ConfigurationError } from './config/configuration.error.js';
import type { GatewayDefinition } from './gateway-definition.js';
import { PortError } from './server/listen.js';
import { type RunningGateway, startGateway } from './start-gateway.js';

/** Between "readiness is red" and "no new connections": time for a balancer to look away. */
const drainMs = 1_000;

/** What a process has to do with, handed in so that only `main.ts` names the real one. */
export type GatewayProcess = Pick<NodeJS.Process, 'env' | 'exit' | 'on' | 'once' | 'send' | 'stderr'>;

/**
 * Runs a gateway as this process: until SIGTERM (drains first), Ctrl-C, the end of the parent that it has an IPC
 * channel to, or a fault of ours. Exit code 0 after a clean stop, 1 otherwise. SIGHUP makes it read its configuration
 * anew.
 */
export async function runGateway(definition: GatewayDefinition, self: GatewayProcess): Promise<void> {
  const gateway = await start(definition, self);
  if (gateway === undefined) return;
  const stop = createStop(gateway, self);
  self.on('SIGTERM', () => void stop(0, drainMs));
  self.on('SIGINT', () => void stop(0));
  self.on('SIGHUP', () => gateway.reload('SIGHUP'));
  self.once('disconnect', () => void stop(0));
  const onFault = (fault: unknown): void => {
    gateway.logger.fatal(fault);
    void stop(1, drainMs);
  };
  self.on('unhandledRejection', onFault);
  self.on('uncaughtException', onFault);
  gateway.logger.log(`listening at ${gateway.url}, management at ${gateway.managementUrl}`);
  self.send?.({ ready: true });
}

/** A mistake of whoever starts it is a few plain lines; anything else keeps its stack. */
async function start(
  definition: GatewayDefinition,
  self: GatewayProcess,
): Promise<RunningGateway | undefined> {
  try {
    return await startGateway(definition, self.env);
  } catch (error) {
    const isPlain = error instanceof ConfigurationError || error instanceof PortError;
    self.stderr.write(`${isPlain ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    self.exit(1);
  }
}

function createStop(gateway: RunningGateway, self: GatewayProcess) {
  let isStopping = false;
  return async (exitCode: number, waitMs = 0): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    gateway.drain();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await gateway.close();
    self.exit(exitCode);
  };
}
