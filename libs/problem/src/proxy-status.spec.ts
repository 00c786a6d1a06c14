import { type ProblemCode, problemCodes } from './problem-codes.js';
import { toProxyStatus } from './proxy-status.js';

test('every 502, 503 and 504 has an error type of RFC 9209, and nothing else has one', () => {
  for (const [code, [status]] of Object.entries(problemCodes)) {
    const told = toProxyStatus(code as ProblemCode);
    if (status > 500) expect(told).toMatch(/^bff; error=[a-z_]+$/);
    else expect(told).toBeUndefined();
  }
});
