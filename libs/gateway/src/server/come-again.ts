/** So many clients come again at once when a gateway stops, and its others are to bear them: they are spread over this. */
const [earliestMs, latestMs] = [2_000, 10_000];

/** When a client whose stream or WebSocket ends with this gateway should open it again, in milliseconds. */
export function comeAgainMs(): number {
  return earliestMs + Math.floor(Math.random() * (latestMs - earliestMs));
}
