import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** How much memory a gateway has, by its own `/metrics`. */
export async function readResidentBytes(managementUrl: string): Promise<number> {
  // A connection of its own: none that the gateway closes as idle while this process stands still.
  const call = request(`${managementUrl}/metrics`, { agent: false }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(await text(answer))?.[1]);
}
