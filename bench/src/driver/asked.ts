import { documents, type DocumentSize } from '../upstream/documents.js';
import { AnswerCheck } from './check-answer.js';
import { DocumentCheck } from './check-document.js';

/** What the load asks for. */
export type Asked = 'dashboard' | DocumentSize;

export function pathOf(asked: Asked): string {
  return asked === 'dashboard' ? '/api/dashboard' : documents[asked].path;
}

/** What an answer costs the services when nothing is shared or kept. */
export function callsFor(asked: Asked): number {
  return asked === 'dashboard' ? 3 : 1;
}

/** What is wrong with an answer; undefined: nothing. */
export type Check = (userId: string, status: number, body: Buffer) => string | undefined;

export function createCheck(asked: Asked, saysComplete: boolean): Check {
  if (asked === 'dashboard') {
    const check = new AnswerCheck(saysComplete);
    return (userId, status, body) => check.mistakeIn(userId, status, body.toString());
  }
  const check = new DocumentCheck(asked);
  return (userId, status, body) => check.mistakeIn(userId, status, body);
}
