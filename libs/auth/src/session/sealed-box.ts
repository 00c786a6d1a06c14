import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const [idBytes, ivBytes, tagBytes] = [4, 12, 16];

interface BoxKey {
  readonly id: Buffer;
  readonly key: Buffer;
}

/**
 * Seals text so that nobody without the secret can read or change it (AES-256-GCM). The first secret seals, all of them
 * open: a new one is put in front, and the old one goes when nothing is left that it sealed.
 */
export class SealedBox {
  private readonly keys: readonly [BoxKey, ...BoxKey[]];

  /** What is sealed for one purpose does not open for another. Throws Error without a secret. */
  constructor(secrets: readonly string[], purpose: string) {
    const [first, ...others] = secrets.map((secret) => toKey(secret, purpose));
    if (first === undefined) throw new Error('a sealed box needs a secret');
    this.keys = [first, ...others];
  }

  /** `place` is where it belongs: moved elsewhere, it does not open. Base64url. */
  seal(text: string, place: string): string {
    const [{ id, key }] = this.keys;
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([id, iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Undefined: it was not sealed with one of these secrets, for this purpose and place, or it was changed. */
  open(sealed: string, place: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    const key = this.keys.find(({ id }) => id.equals(bytes.subarray(0, idBytes)))?.key;
    if (key === undefined || bytes.length < idBytes + ivBytes + tagBytes) return undefined;
    const tagAt = idBytes + ivBytes;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(idBytes, tagAt), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(tagAt, tagAt + tagBytes));
    try {
      const text = decipher.update(bytes.subarray(tagAt + tagBytes));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}

function toKey(secret: string, purpose: string): BoxKey {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `bff ${purpose} AES-256-GCM`, 32));
  return { key, id: createHash('sha256').update(key).digest().subarray(0, idBytes) };
}
