export { answerProblem } from './answer-problem.js';
export { describeProblem, logFault } from './describe-problem.js';
export { problemCodes, type ProblemCode } from './problem-codes.js';
export { ProblemError } from './problem.error.js';
export { ProblemFilter } from './problem.filter.js';
export { createProblem, type InputError, type Problem } from './problem.js';
export { toProxyStatus } from './proxy-status.js';
export { spreadUntilMs, toRetryAfter } from './retry-after.js';
export { codeOfStatus, toProblemError } from './to-problem.js';
export {
  AbandonedError,
  CallerGoneError,
  failureReasons,
  unwrapUpstreamError,
  UpstreamError,
  type FailureReason,
  type Rejection,
} from './upstream.error.js';
export { setProblemHeaders, writeProblem } from './write-problem.js';
