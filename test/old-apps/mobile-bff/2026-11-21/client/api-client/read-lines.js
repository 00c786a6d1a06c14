/**
 * The lines of a stream of UTF-8 bytes, cut wherever the network cut them. The last one needs no line break. Ends the
 * stream when it is left.
 */
export async function* readLines(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.replace(/\r$/, '');
      if (done) break;
    }
    if (rest !== '') yield rest.replace(/\r$/, '');
  } finally {
    // Rejects where the stream has failed, which whoever read it knows.
    await reader.cancel().catch(() => undefined);
  }
}
