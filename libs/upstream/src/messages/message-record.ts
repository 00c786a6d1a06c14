import type { ReadPacket, Serializer } from '@nestjs/microservices';

/** Data with headers, for the transports whose packets have no place for headers. */
export class MessageRecord {
  constructor(
    readonly data: unknown,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

/** Puts the headers beside `pattern`, `data` and `id`: a service that does not look for them is not disturbed. */
export const recordSerializer: Serializer = {
  serialize(packet: ReadPacket<unknown>) {
    const { data: record } = packet;
    return record instanceof MessageRecord
      ? { ...packet, data: record.data, headers: record.headers }
      : packet;
  },
};
