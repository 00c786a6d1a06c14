import { setImmediate as nextTurn } from 'node:timers/promises';
import { closeFrame } from './frames.js';
import { FrameGate } from './frame-gate.js';

const frame = Buffer.from([0x81, 0x04, 1, 2, 3, 4]);

/** What came out of a gate into which these were written, in turns. */
async function passed(write: (gate: FrameGate, turn: () => Promise<void>) => Promise<void>): Promise<Buffer> {
  const gate = new FrameGate(false);
  const chunks: Buffer[] = [];
  gate.on('data', (chunk: Buffer) => chunks.push(chunk));
  await write(gate, () => nextTurn());
  await nextTurn();
  return Buffer.concat(chunks);
}

test('a gate that is shut within a frame lets it pass to its end, and nothing behind it but the close', async () => {
  const out = await passed(async (gate, turn) => {
    gate.write(frame.subarray(0, 3));
    await turn();
    gate.shut(1012);
    gate.write(Buffer.concat([frame.subarray(3), frame]));
    gate.write(frame);
    await turn();
  });
  expect(out).toEqual(Buffer.concat([frame, closeFrame(1012, false)]));
});

test('a gate that is shut between frames closes at once', async () => {
  const out = await passed(async (gate, turn) => {
    gate.write(frame);
    await turn();
    gate.shut(4401);
    gate.shut(1012);
  });
  expect(out).toEqual(Buffer.concat([frame, closeFrame(4401, false)]));
});

test.each([
  ['between frames is told as gone', frame, closeFrame(1001, false)],
  ['within a frame cannot be told of', frame.subarray(0, 3), Buffer.alloc(0)],
  ['after a close has said it', closeFrame(1000, false), Buffer.alloc(0)],
])('a sender who ends %s', async (_when, said, added) => {
  const out = await passed(async (gate) => void gate.end(said));
  expect(out).toEqual(Buffer.concat([said, added]));
});
