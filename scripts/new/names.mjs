/** `order-details` as `OrderDetails`. */
export const toPascal = (name) => name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** `order-details` as `orderDetails`. */
export const toCamel = (name) => toPascal(name).replace(/^./, (letter) => letter.toLowerCase());

/** `order-details` as `ORDER_DETAILS`. */
export const toConstant = (name) => name.replaceAll('-', '_').toUpperCase();

/** `order-details` as `order details`. */
export const toWords = (name) => name.replaceAll('-', ' ');

/** What there is many of, once: `reviews` as `review`; `stock`, which has no plural, as `stock-item`. */
export function toSingular(name) {
  if (/[^aeiou]ies$/.test(name)) return name.replace(/ies$/, 'y');
  if (/(ss|x|ch|sh)es$/.test(name)) return name.replace(/es$/, '');
  return /[^s]s$/.test(name) ? name.slice(0, -1) : `${name}-item`;
}

/** Throws unless it is kebab-case, as file names are. */
export function readName(text) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text))
    throw new Error(`"${text}": expected a name in kebab-case, such as order-details`);
  return text;
}
