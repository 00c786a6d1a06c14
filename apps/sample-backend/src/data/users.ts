import { scryptSync, timingSafeEqual } from 'node:crypto';

export interface User {
  id: string;
  name: string;
  email: string;
  login: string;
  locale: string;
  createdAt: string;
  // Internal from here on: the service sends it, no screen may show it.
  passwordHash: string;
  riskScore: number;
  internalNotes: string;
  marketingSegment: string;
}

export const users: readonly User[] = [
  {
    id: '7',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    login: 'ada',
    locale: 'en-GB',
    createdAt: '2024-12-10T09:00:00.000Z',
    passwordHash: 'scrypt$Y6fK0VRQNQ1YOkYK$hanH4vmuyul8PyW_Tup2ZUcDFKAs99mcHIMKYOJKldg',
    riskScore: 0.02,
    internalNotes: 'Prefers post to telephone. Account reviewed 2026-03.',
    marketingSegment: 'A1-mathematics',
  },
  {
    id: '8',
    name: 'Charles Babbage',
    email: 'charles@example.com',
    login: 'charles',
    locale: 'en-GB',
    createdAt: '2024-12-26T09:00:00.000Z',
    passwordHash: 'scrypt$i3RbuKlwh35fzaxg$TpkDS0QyVIfEiCURb2z_972q6Dndfq5FFRW2MQeZHOk',
    riskScore: 0.17,
    internalNotes: 'Complains about street music. Two refunds in 2025.',
    marketingSegment: 'B2-engineering',
  },
];

export function findUser(id: string): User | undefined {
  return users.find((user) => user.id === id);
}

/** The user whose login and password these are. */
export function authenticate(login: string, password: string): User | undefined {
  const user = users.find((candidate) => candidate.login === login);
  return user && passwordMatches(password, user.passwordHash) ? user : undefined;
}

/** `hash` is `scrypt$<salt>$<key>`, both base64url; scrypt with N = 4096 (RFC 7914). */
function passwordMatches(password: string, hash: string): boolean {
  const [, salt = '', key = ''] = hash.split('$');
  const expected = Buffer.from(key, 'base64url');
  const actual = scryptSync(password, Buffer.from(salt, 'base64url'), expected.length, { N: 4096 });
  return timingSafeEqual(actual, expected);
}
