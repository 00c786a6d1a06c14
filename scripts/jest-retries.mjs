// For runs of whole packages: what is said of time holds on a machine that stands still now and then as well, at the
// second try, when the others of its file have ended. `npm test` tells which tests needed it. Specs with random input
// take it back: their second try is another test.
import { jest } from '@jest/globals';

jest.retryTimes(1, { logErrorsBeforeRetry: true });
