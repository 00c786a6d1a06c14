import type { JsonLogger } from '@bff/tracing';
import { type GatewayConfig, locateMistakes } from '../config/config.js';
import { ConfigurationError } from '../config/configuration.error.js';
import { findConfigChanges } from './config-changes.js';

/** What a part of a gateway would become. Either `commit` or `discard` is called, once. */
export interface PreparedChange {
  /** Any: nothing of the whole configuration is taken. */
  readonly mistakes: readonly string[];
  commit(): void;
  discard(): void;
}

/** Gets a part of a running gateway ready for another configuration, and changes nothing yet. */
export type Prepare = (next: GatewayConfig) => PreparedChange;

interface ReloadOptions {
  /** Throws ConfigurationError. */
  readonly read: () => GatewayConfig;
  readonly parts: readonly Prepare[];
  readonly logger: Pick<JsonLogger, 'event'>;
}

/** What can be changed while a gateway runs; everything else waits for its next start. */
const reloadable = [
  'upstreams',
  'routes',
  'fallback',
  'limits',
  'deadlineMs',
  'app',
  'auth.apiKeys',
  'registration',
];

/**
 * The configuration of a running gateway. Another one is read, checked and built as a whole before any of it counts: a
 * broken one changes nothing.
 */
export class ConfigReload {
  readonly counts = { applied: 0, refused: 0 };
  /** Of the file as it is now; the gateway runs on what it was before. */
  mistakes: readonly string[] = [];

  constructor(
    /** In force. */
    public current: GatewayConfig,
    private readonly options: ReloadOptions,
  ) {}

  /** `cause` is for the log. Never throws. */
  reload(cause: string): void {
    try {
      this.take(this.options.read(), cause);
    } catch (error) {
      const mistakes = error instanceof ConfigurationError ? error.mistakes : [String(error)];
      this.refuse(mistakes, cause);
    }
  }

  private take(next: GatewayConfig, cause: string): void {
    const changes = findConfigChanges(this.current, next);
    const prepared = this.options.parts.map((prepare) => prepare(next));
    const mistakes = prepared.flatMap((one) => one.mistakes);
    if (mistakes.length > 0) {
      for (const one of prepared) one.discard();
      return this.refuse(locateMistakes(next, mistakes), cause);
    }
    for (const one of prepared) one.commit();
    this.mistakes = [];
    if (changes.length === 0) return;
    this.current = next;
    this.counts.applied += 1;
    const waiting = changes.filter(({ path }) => !isReloadable(path)).map(({ path }) => path);
    this.options.logger.event(
      'info',
      { config: 'applied', cause, changes, waiting },
      'configuration applied',
    );
  }

  private refuse(mistakes: readonly string[], cause: string): void {
    this.mistakes = mistakes;
    this.counts.refused += 1;
    this.options.logger.event('error', { config: 'refused', cause, mistakes }, 'configuration refused');
  }
}

function isReloadable(path: string): boolean {
  return reloadable.some((name) => path === name || path.startsWith(`${name}.`));
}
