import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import type { Keeping } from '../http/http-answer.js';

/** A stored answer, as it came: what another replica needs to store it as well. Without cookies. */
export interface AnswerRecord {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly keep?: Keeping | undefined;
  /** Since 1970, by the clock of the replica that received it. */
  readonly receivedAtMs: number;
}

const Head = z.object({
  generation: z.string(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  receivedAtMs: z.number(),
  keep: z.object({ control: z.string(), labels: z.array(z.string()) }).optional(),
  encoding: z.enum(['utf8', 'base64']),
});

/** `generation`: of its path, when it was asked for. */
export function writeRecord({ body, ...head }: AnswerRecord, generation: string): string {
  const encoding = isUtf8(body) ? 'utf8' : 'base64';
  return `${JSON.stringify({ ...head, generation, encoding })}\n${body.toString(encoding)}`;
}

/** Undefined for what is no record, or one of another generation. */
export function readRecord(text: string | undefined, generation: string): AnswerRecord | undefined {
  const end = text?.indexOf('\n') ?? -1;
  if (text === undefined || end < 0) return undefined;
  const head = readHead(text.slice(0, end));
  if (head === undefined || head.generation !== generation) return undefined;
  const { status, headers, receivedAtMs, keep, encoding } = head;
  return { status, headers, receivedAtMs, keep, body: Buffer.from(text.slice(end + 1), encoding) };
}

function readHead(json: string): z.output<typeof Head> | undefined {
  try {
    return Head.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
