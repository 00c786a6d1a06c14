export type { Answer, AnswerTo, CallOptions, NotModified, ReadOptions, WriteOptions } from './answer.js';
export { ApiProblem } from './api-problem.error.js';
export { CutOffError } from './cut-off.error.js';
export type { FieldOf, Selected } from './fields.js';
export type { ProblemCode } from './problem-codes.js';
export type { InputError, Problem } from './problem.js';
export type { RecordOf, SectionRecord } from './records.js';
export type { AnyOptions, Call } from './request.js';
export {
  isWhole,
  statusOf,
  type FailureReason,
  type Meta,
  type SectionOf,
  type SectionReport,
  type SectionStatus,
} from './sections.js';
export { loginUrl, untilSessionEnds } from './session.js';
export { createTransport, type Transport, type TransportOptions } from './transport.js';
export { UnexpectedAnswerError } from './unexpected-answer.error.js';
