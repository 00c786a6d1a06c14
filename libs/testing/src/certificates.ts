import { generate, type SubjectAltNameEntry } from 'selfsigned';

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of the test's own, and what it has signed. */
export interface Certificates {
  readonly ca: string;
  /** For `localhost` and 127.0.0.1. */
  readonly server: Certificate;
  /** For `other.example` only. */
  readonly other: Certificate;
  readonly client: Certificate;
}

/** Makes an authority, certificates of services and one of a client, good for a year. */
export async function createCertificates(): Promise<Certificates> {
  const named = (value: string) => [{ name: 'commonName', value }];
  const usual = { keySize: 2048, algorithm: 'sha256' } as const;
  const authority = await generate(named('Test authority'), {
    ...usual,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  const issue = async (name: string, altNames: SubjectAltNameEntry[]): Promise<Certificate> => {
    const made = await generate(named(name), {
      ...usual,
      ca,
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    return { cert: made.cert, key: made.private };
  };
  return {
    ca: authority.cert,
    server: await issue('localhost', [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
    ]),
    other: await issue('other.example', [{ type: 2, value: 'other.example' }]),
    client: await issue('gateway', [{ type: 2, value: 'gateway' }]),
  };
}
