export function isProblem(value) {
  const { type, title, status } = value ?? {};
  return (
    typeof type === 'string' &&
    type.startsWith('urn:bff:') &&
    typeof title === 'string' &&
    typeof status === 'number'
  );
}
