import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { type Store, StoreUnavailableError } from '@bff/store';
import type { KeptAnswer } from './kept-answer.js';

/** What the store holds for a key: who runs the call and until when, then what it was answered. */
type IdempotencyRecord = { readonly fingerprint: string } & (
  { readonly attempt: string } | { readonly answer: KeptAnswer }
);

/** One caller's use of one key. */
export interface KeyedCall {
  readonly id: string;
  readonly fingerprint: string;
  /** After this time another attempt may run, whatever became of the one before: its process may be gone. */
  readonly leaseMs: number;
  readonly keepForMs: number;
}

/** What is known of a key when a call comes with it. */
export type Claim =
  | { readonly state: 'new'; readonly lease: Lease }
  | { readonly state: 'running' | 'reused' | 'unknown' }
  | { readonly state: 'answered'; readonly answer: KeptAnswer };

/** The right to run the call of a key. Its methods never reject: what fails is logged. */
export interface Lease {
  /** From here on every call with the key gets this answer. */
  keep(answer: KeptAnswer): Promise<void>;
  /** The call came to nothing: the next one with the key runs again. */
  release(): Promise<void>;
}

const logger = new Logger('Idempotency');

/** The keys of all callers, in the store that the replicas of the gateway share. */
export class IdempotencyRecords {
  constructor(
    private readonly store: Store,
    readonly gateway: string,
  ) {}

  /** `unknown`: the store cannot be asked. */
  async claim(call: KeyedCall): Promise<Claim> {
    const key = `idempotency:${call.id}`;
    const { fingerprint } = call;
    const own = JSON.stringify({ fingerprint, attempt: randomUUID() } satisfies IdempotencyRecord);
    try {
      if (await this.store.setIfAbsent(key, own, call.leaseMs))
        return { state: 'new', lease: this.leaseOf(key, own, call) };
      const text = await this.store.get(key);
      // Over between the two questions: whoever comes again finds out.
      return text === undefined ? { state: 'running' } : judge(JSON.parse(text) as IdempotencyRecord, call);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      return { state: 'unknown' };
    }
  }

  /** Only as long as nobody else has the key: a late answer of ours must not replace his. */
  private leaseOf(key: string, own: string, { fingerprint, keepForMs }: KeyedCall): Lease {
    const { store } = this;
    return {
      keep: async (answer) => {
        const text = JSON.stringify({ fingerprint, answer } satisfies IdempotencyRecord);
        await noting(async () => {
          if (!(await store.compareAndSet(key, own, text, keepForMs)))
            await store.setIfAbsent(key, text, keepForMs);
        });
      },
      release: () => noting(() => store.compareAndSet(key, own, own, 0)),
    };
  }
}

function judge(record: IdempotencyRecord, { fingerprint }: KeyedCall): Claim {
  if (record.fingerprint !== fingerprint) return { state: 'reused' };
  return 'answer' in record ? { state: 'answered', answer: record.answer } : { state: 'running' };
}

async function noting(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.warn(error);
  }
}
