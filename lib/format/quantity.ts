/** `1,234` */
export function formatNumber(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 page`, `1,234 pages` */
export function quantity(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
