import { isDeepStrictEqual } from 'node:util';
import { toDashboard } from '../contenders/to-dashboard.js';
import { answers } from '../upstream/answers.js';

/** Compares every answer with the dashboard of whoever asked: complete, his own, and not a field more. */
export class AnswerCheck {
  /** What was found right before, by user: most answers repeat it to the letter. */
  private readonly known = new Map<string, string>();

  constructor(private readonly saysComplete: boolean) {}

  /** What is wrong with the answer; undefined: nothing. */
  mistakeIn(userId: string, status: number, text: string): string | undefined {
    if (status !== 200) return `status ${status}`;
    if (this.known.get(userId) === text) return undefined;
    const mistake = this.mistakeInBody(userId, text);
    if (mistake === undefined) this.known.set(userId, text);
    return mistake;
  }

  private mistakeInBody(userId: string, text: string): string | undefined {
    let body: { readonly _meta?: { readonly complete?: unknown } };
    try {
      body = JSON.parse(text) as typeof body;
    } catch {
      return 'not JSON';
    }
    const { _meta: meta, ...dashboard } = body;
    if (this.saysComplete && meta?.complete !== true) return 'not complete';
    if (!isDeepStrictEqual(dashboard, dashboardOf(userId))) return 'not the dashboard of the user who asked';
    return undefined;
  }
}

function dashboardOf(userId: string) {
  return toDashboard({
    user: answers.users(userId),
    orders: answers.orders(userId),
    recommendations: answers.catalog(userId),
  });
}
