import { AssertionSigner } from '@bff/auth';
import { ordersProtoPath } from '@bff/clients/protocols';
import { Client, credentials, Metadata, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** What becomes of the orders of a user without the gateway: at the order service itself, as a gateway would ask. */
export class OrderDesk implements Disposable {
  private readonly service = loadSync(ordersProtoPath, { defaults: true })[
    'bff.orders.v1.Orders'
  ] as ServiceDefinition;
  private readonly client: Client;
  private readonly signer: AssertionSigner;

  /** `secret` is that of a gateway which the service trusts. */
  constructor(ordersUrl: string, secret: string) {
    this.client = new Client(ordersUrl.replace(/^\w+:\/\//, ''), credentials.createInsecure());
    this.signer = new AssertionSigner({ issuer: 'urn:bff:mobile-bff', secrets: [secret] });
  }

  /** Rejects with ServiceError where the order is on its way already. */
  cancel(userId: string, id: string): Promise<object> {
    return this.call('Cancel', { userId, id });
  }

  /** Rejects with ServiceError where the order is not over yet. */
  remove(userId: string, id: string): Promise<object> {
    return this.call('Remove', { userId, id });
  }

  [Symbol.dispose](): void {
    this.client.close();
  }

  private call(name: string, request: { userId: string; id: string }): Promise<object> {
    const { path, requestSerialize, responseDeserialize } = this.service[name]!;
    const metadata = new Metadata();
    const caller = { id: request.userId, scopes: new Set<string>() };
    metadata.set('x-identity-assertion', this.signer.sign({ audience: 'orders', caller }));
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize as (bytes: Buffer) => object,
        request,
        metadata,
        (error, reply) => (error === null && reply !== undefined ? resolve(reply) : reject(error!)),
      );
    });
  }
}
