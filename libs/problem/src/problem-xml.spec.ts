import { createProblem } from './problem.js';
import { toProblemXml } from './problem-xml.js';

test('a problem is written in the XML form of RFC 9457', () => {
  expect(toProblemXml(createProblem('not_found', { requestId: 'r-1' }))).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<problem xmlns="urn:ietf:rfc:7807"><type>urn:bff:not_found</type>' +
      '<title>Not found</title><status>404</status><retryable>false</retryable><requestId>r-1</requestId></problem>',
  );
});

test('any text survives: markup is escaped, what XML cannot carry is replaced', () => {
  const xml = toProblemXml(
    createProblem('invalid_request', { errors: [{ path: 'a<b', message: '"\u0000\ud800&\'😀' }] }),
  );
  expect(xml).toContain('<path>a&lt;b</path><message>&quot;\ufffd\ufffd&amp;&apos;😀</message>');
});
