import type { ServerResponse } from 'node:http';
import helmet, { type HelmetOptions } from 'helmet';

/** For answers that are data: nothing in them may be rendered, framed or sniffed. */
const options: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  referrerPolicy: { policy: 'no-referrer' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
  // Obsolete, or for browsers that are gone.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  originAgentCluster: false,
};

/** What helmet makes of the options; asked once, because it is the same for every answer. */
const headers: readonly (readonly [name: string, value: string])[] = readHeaders();

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of headers) response.setHeader(name, value);
}

function readHeaders(): [string, string][] {
  const set: [string, string][] = [];
  const response = {
    setHeader: (name: string, value: string) => set.push([name, value]),
    removeHeader: () => undefined,
  };
  helmet(options)({} as never, response as never, (error?: unknown) => {
    if (error !== undefined) throw new Error('helmet refuses its options', { cause: error });
  });
  if (set.length === 0) throw new Error('helmet has set no header');
  return set;
}
