import { ApiProblem, readRetryAfter } from './api-problem.error.js';
import { isProblem } from './problem.js';
import { UnexpectedAnswerError } from './unexpected-answer.error.js';
export async function readAnswer(response) {
  const { headers, status } = response;
  const etag = headers.get('etag') ?? undefined;
  if (status === 304) return { notModified: true, status, headers, etag };
  return { notModified: false, status, headers, etag, data: await readData(response) };
}
/** What to throw for an answer that is no success. */
export async function readFailure(response) {
  const text = await response.text();
  const problem = parse(text);
  if (!isProblem(problem)) return new UnexpectedAnswerError(response.status, text);
  return new ApiProblem(problem, readRetryAfter(response.headers.get('retry-after')));
}
async function readData(response) {
  const text = await response.text();
  if (text === '') return undefined;
  const data = parse(text);
  if (data === undefined) throw new UnexpectedAnswerError(response.status, text);
  return data;
}
/** Undefined: this is no JSON. */
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
