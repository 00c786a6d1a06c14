/** True where `acr` is one of the classes wanted, or stronger than one of them. `order` has the weakest first. */
export function isOfClass(
  acr: string | undefined,
  wanted: readonly string[],
  order: readonly string[],
): boolean {
  if (acr === undefined) return false;
  const rank = order.indexOf(acr);
  return wanted.some((one) => one === acr || (order.includes(one) && order.indexOf(one) < rank));
}
