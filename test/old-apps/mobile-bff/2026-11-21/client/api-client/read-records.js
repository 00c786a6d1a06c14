import { ApiProblem } from './api-problem.error.js';
import { CutOffError } from './cut-off.error.js';
import { isProblem } from './problem.js';
import { parse } from './read-answer.js';
import { readLines } from './read-lines.js';
import { UnexpectedAnswerError } from './unexpected-answer.error.js';
/**
 * The records of a progressive answer, without heartbeats. Throws its problem (ApiProblem), and CutOffError where it
 * ends, or its connection does, before it is complete.
 */
export async function* readRecords(response, signal) {
  const sections = [];
  for await (const record of parsedLines(response, sections, signal)) {
    if (record.event === 'heartbeat') continue;
    if (record.event === 'problem') throw toFailure(record.problem, response);
    if (record.event === 'section') sections.push(record.section);
    yield record;
    if (record.event === 'complete') return;
  }
  throw new CutOffError(sections);
}
async function* parsedLines(response, sections, signal) {
  let broken;
  for await (const line of uncut(response, sections, signal)) {
    if (broken !== undefined) throw new UnexpectedAnswerError(response.status, broken);
    if (line.trim() === '') continue;
    const record = parse(line);
    if (typeof record === 'object' && record !== null && 'event' in record) yield record;
    // The last line may be half of one; any other is not of a gateway.
    else broken = line;
  }
}
/** What breaks off the connection is told as that, unless it was us. */
async function* uncut(response, sections, signal) {
  if (response.body === null) return;
  try {
    yield* readLines(response.body);
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new CutOffError(sections, { cause });
  }
}
function toFailure(problem, response) {
  if (isProblem(problem)) return new ApiProblem(problem);
  return new UnexpectedAnswerError(response.status, JSON.stringify(problem) ?? '');
}
