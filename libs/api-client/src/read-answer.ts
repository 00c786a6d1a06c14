import type { Answer, NotModified } from './answer.js';
import { ApiProblem, readRetryAfter } from './api-problem.error.js';
import { parse } from './json.js';
import { isProblem } from './problem.js';
import { UnexpectedAnswerError } from './unexpected-answer.error.js';

export async function readAnswer(
  response: Response,
  exactIntegers: boolean,
): Promise<Answer<unknown> | NotModified> {
  const { headers, status } = response;
  const etag = headers.get('etag') ?? undefined;
  if (status === 304) return { notModified: true, status, headers, etag };
  return { notModified: false, status, headers, etag, data: await readData(response, exactIntegers) };
}

/** What to throw for an answer that is no success. */
export async function readFailure(response: Response): Promise<ApiProblem | UnexpectedAnswerError> {
  const text = await response.text();
  const problem = parse(text);
  if (!isProblem(problem)) return new UnexpectedAnswerError(response.status, text);
  const { headers } = response;
  const challenge = headers.get('www-authenticate') ?? undefined;
  return new ApiProblem(problem, readRetryAfter(headers.get('retry-after')), challenge);
}

async function readData(response: Response, exactIntegers: boolean): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  const data = parse(text, exactIntegers);
  if (data === undefined) throw new UnexpectedAnswerError(response.status, text);
  return data;
}
