import { closeFrame, FrameWalk } from './frames.js';

/** Heads of every form, with payloads that look like heads. */
const frames = [
  Buffer.from([0x81, 0x00]),
  Buffer.from([0x81, 0x02, 0x88, 0x00]),
  Buffer.from([0x01, 0x82, 1, 2, 3, 4, 0x88, 0x80]),
  Buffer.concat([Buffer.from([0x82, 126, 0x01, 0x00]), Buffer.alloc(256, 0x88)]),
  Buffer.concat([Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 9, 8, 7, 6]), Buffer.alloc(65_536, 0x88)]),
];

test.each([1, 2, 3, 5, 7, 1_000, 100_000])('frames end where they do, in pieces of %i bytes', (size) => {
  const walk = new FrameWalk();
  const ends: number[] = [];
  const all = Buffer.concat(frames);
  for (let at = 0; at < all.length;) {
    at += walk.pass(all.subarray(at, at + size), true);
    if (walk.isBetweenFrames) ends.push(at);
  }
  let end = 0;
  expect(ends).toEqual(frames.map(({ length }) => (end += length)));
  expect(walk.hasClosed).toBe(false);
});

test.each([true, false])('a close frame is one, and tells its code (masked: %p)', (isMasked) => {
  const walk = new FrameWalk();
  const frame = closeFrame(4401, isMasked);
  expect(walk.pass(frame)).toBe(frame.length);
  expect([walk.hasClosed, walk.isBetweenFrames]).toEqual([true, true]);
  const mask = isMasked ? frame.subarray(2, 6) : Buffer.alloc(4);
  const code = frame.subarray(-2).map((byte, index) => byte ^ (mask[index] ?? 0));
  expect(Buffer.from(code).readUInt16BE()).toBe(4401);
});
