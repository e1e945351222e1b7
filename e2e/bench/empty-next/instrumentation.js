/** Next would take the product's own, from further up. */
export function register() {}
