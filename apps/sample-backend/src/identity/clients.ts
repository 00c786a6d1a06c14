import type { ClientMetadata } from 'oidc-provider';

import { tokenExchange } from './token-exchange.js';

/** The secret of the clients `web-bff` and `mobile-bff` unless another one is configured. For development only. */
export const developmentClientSecret = 'development-only-web-bff-secret';

/** Where the client `web-bff` is served, unless configured: at its default port. */
export const defaultWebBffOrigins = ['http://localhost:3000', 'http://127.0.0.1:3000'];

/** What the app of the shop is opened with: its site says that the address is the app's. */
export const claimedRedirectUri = 'https://app.example.com/callback';

const signIn = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  id_token_signed_response_alg: 'RS256' as const,
};

export interface ClientSettings {
  clientSecret: string;
  /** At least one. */
  webBffOrigins: readonly string[];
  /** Where the back-channel logout goes; to the first origin when not given. */
  webBffBackChannel?: string | undefined;
}

export function describeClients({
  clientSecret,
  webBffOrigins,
  webBffBackChannel = webBffOrigins[0],
}: ClientSettings): ClientMetadata[] {
  return [
    {
      client_id: 'mobile-app',
      client_name: 'Mobile app',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      // Any port: RFC 8252, section 7.3.
      redirect_uris: ['http://127.0.0.1/callback'],
      ...signIn,
    },
    {
      client_id: 'store-app',
      client_name: 'Mobile app from the store',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      // An address that the app has claimed: RFC 8252, section 7.2.
      redirect_uris: [claimedRedirectUri],
      ...signIn,
    },
    {
      client_id: 'web-bff',
      client_name: 'Web shop',
      client_secret: clientSecret,
      redirect_uris: webBffOrigins.map((origin) => `${origin}/bff/callback`),
      post_logout_redirect_uris: webBffOrigins.flatMap((origin) => [origin, `${origin}/`]),
      backchannel_logout_uri: `${webBffBackChannel}/bff/backchannel-logout`,
      backchannel_logout_session_required: true,
      ...signIn,
      grant_types: [...signIn.grant_types, tokenExchange],
    },
    {
      client_id: 'mobile-bff',
      client_name: 'Gateway of the mobile app',
      client_secret: clientSecret,
      redirect_uris: [],
      response_types: [],
      grant_types: [tokenExchange, 'client_credentials'],
    },
  ];
}
