import { ApiProblem } from './api-problem.error.js';
import { CutOffError } from './cut-off.error.js';
import { parse } from './json.js';
import { isProblem } from './problem.js';
import { readLines } from './read-lines.js';
import type { RecordOf } from './records.js';
import { UnexpectedAnswerError } from './unexpected-answer.error.js';

type Line =
  RecordOf<Record<string, unknown>> | { event: 'heartbeat' } | { event: 'problem'; problem: unknown };

/**
 * The records of a progressive answer, without heartbeats. Throws its problem (ApiProblem), and CutOffError where it
 * ends, or its connection does, before it is complete.
 */
export async function* readRecords(
  response: Response,
  signal: AbortSignal | undefined,
  exactIntegers = false,
): AsyncGenerator<RecordOf<Record<string, unknown>>, void> {
  const sections: string[] = [];
  for await (const record of parsedLines(uncut(response, sections, signal), response, exactIntegers)) {
    if (record.event === 'heartbeat') continue;
    if (record.event === 'problem') throw toFailure(record.problem, response);
    if (record.event === 'section') sections.push(record.section);
    yield record;
    if (record.event === 'complete') return;
  }
  throw new CutOffError(sections);
}

async function* parsedLines(
  lines: AsyncIterable<string>,
  { status }: Response,
  exactIntegers: boolean,
): AsyncGenerator<Line, void> {
  let broken: string | undefined;
  for await (const line of lines) {
    if (broken !== undefined) throw new UnexpectedAnswerError(status, broken);
    if (line.trim() === '') continue;
    const record = parse(line, exactIntegers);
    if (typeof record === 'object' && record !== null && 'event' in record) yield record as Line;
    // The last line may be half of one; any other is not of a gateway.
    else broken = line;
  }
}

/** What breaks off the connection is told as that, unless it was us. */
async function* uncut(
  response: Response,
  sections: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  if (response.body === null) return;
  try {
    yield* readLines(response.body);
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new CutOffError(sections, { cause });
  }
}

function toFailure(problem: unknown, response: Response): Error {
  if (isProblem(problem)) return new ApiProblem(problem);
  return new UnexpectedAnswerError(response.status, JSON.stringify(problem) ?? '');
}
