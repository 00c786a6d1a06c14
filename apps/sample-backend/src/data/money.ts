/** An amount of pounds in pence: sums and products stay whole numbers. */
export type Pence = number;

export interface Money {
  amount: string;
  currency: string;
}

/** 8900 → `{ amount: '89.00', currency: 'GBP' }` */
export function toMoney(pence: Pence): Money {
  const digits = String(Math.abs(pence)).padStart(3, '0');
  const amount = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return { amount: pence < 0 ? `-${amount}` : amount, currency: 'GBP' };
}

/** '24.50' → 2450. Throws on anything but a decimal with two digits after the point. */
export function readPence(amount: string): Pence {
  if (!/^\d+\.\d{2}$/.test(amount)) throw new Error(`not an amount: ${JSON.stringify(amount)}`);
  return Number(amount.replace('.', ''));
}
