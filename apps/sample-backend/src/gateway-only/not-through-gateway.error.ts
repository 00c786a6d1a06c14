/** A call that no gateway vouches for; the message says what is wrong with it and how to mend that. */
export class NotThroughGatewayError extends Error {
  constructor(why: string) {
    super(
      `${why} Call a gateway instead: it signs x-identity-assertion for this service. ` +
        'Whose signatures count is set by GATEWAY_JWKS_URLS.',
    );
    this.name = 'NotThroughGatewayError';
  }
}
