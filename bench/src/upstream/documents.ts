/** Static answers of two sizes: what a proxy is measured with. */
export const documents = {
  '5 KB': { path: '/files/5-kb', bytes: 5 * 1_024 },
  '1 MB': { path: '/files/1-mb', bytes: 1_024 * 1_024 },
} as const;

export type DocumentSize = keyof typeof documents;

/** Always the same bytes, in a row that does not repeat soon. */
export function documentOf(size: DocumentSize): Buffer {
  let state = 1;
  return Buffer.from(
    Uint8Array.from({ length: documents[size].bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}
