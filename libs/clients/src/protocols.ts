import { fileURLToPath } from 'node:url';

/** Path of the order service's protobuf definition: package `bff.orders.v1`, service `Orders`. */
export const ordersProtoPath = fileURLToPath(new URL('../protocols/orders.proto', import.meta.url));

/** Path of the catalog service's GraphQL schema. */
export const catalogSchemaPath = fileURLToPath(new URL('../protocols/catalog.graphql', import.meta.url));
