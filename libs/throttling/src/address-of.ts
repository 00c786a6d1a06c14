import { normalizeIp } from '@nestjs/throttler';

/** Who has an address to himself: IPv6 by /64, which is what one customer gets. */
export function addressOf({ ip = '' }: { readonly ip?: string | undefined }): string {
  return ip.includes(':') ? normalizeIp(ip) : ip;
}
