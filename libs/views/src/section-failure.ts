import { Logger } from '@nestjs/common';
import {
  AbandonedError,
  CallerGoneError,
  type FailureReason,
  ProblemError,
  unwrapUpstreamError,
  UpstreamError,
} from '@bff/problem';
import type { Section } from './section.js';

const logger = new Logger('Views');

/**
 * The reason a section falls back for. Rethrows what is not about the section: a caller who has gone, and what the
 * caller did wrong. A mistake in a loader costs its section, not the screen, and is logged as an error.
 */
export function toSectionFailure(section: string, caught: unknown): FailureReason {
  const thrown = unwrapUpstreamError(caught);
  if (isNotAboutTheSection(thrown)) throw thrown;
  if (thrown instanceof UpstreamError) {
    logger.warn(`${section} falls back: ${thrown.message}`);
    return thrown.reason;
  }
  logger.error(new Error(`${section} falls back on a mistake in its loader`, { cause: thrown }));
  return 'bad_response';
}

function isNotAboutTheSection(thrown: unknown): boolean {
  return (
    thrown instanceof CallerGoneError || thrown instanceof AbandonedError || thrown instanceof ProblemError
  );
}

/** What a service refused or does not have is its newest answer, and an older one no better. */
export function mayBeStale({ staleForMs }: Section, reason: FailureReason): boolean {
  return staleForMs !== undefined && reason !== 'rejected';
}
