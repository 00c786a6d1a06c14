export { ApiProblem } from './api-problem.error.js';
export { CutOffError } from './cut-off.error.js';
export { isWhole, statusOf } from './sections.js';
export { createTransport } from './transport.js';
export { UnexpectedAnswerError } from './unexpected-answer.error.js';
