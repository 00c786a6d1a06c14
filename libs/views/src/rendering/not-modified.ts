import type { Response } from 'express';

/** What tells how a body may be used: whoever gets a 304 has it from when the body came (RFC 9110, section 15.4.5). */
const ofTheBody = [
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Referrer-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'RateLimit-Policy',
  'Server-Timing',
];

/** Ends the response with 304 and the few headers that belong to it: most of what a phone asks for ends like this. */
export function sendNotModified(response: Response): void {
  for (const name of ofTheBody) response.removeHeader(name);
  // HTTP/1.1 keeps connections anyhow, and the answer with the body has said for how long.
  if (response.getHeader('Connection') === undefined) response.removeHeader('Connection');
  response.statusCode = 304;
  response.end();
}
