/** A figure of several rounds. */
export interface Spread {
  median: number;
  quartiles: [number, number];
}

export function spread(values: number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = (sorted.length - 1) * share;
    const low = sorted[Math.floor(place)] ?? 0;
    const high = sorted[Math.ceil(place)] ?? 0;
    return low + (high - low) * (place - Math.floor(place));
  };
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)] };
}

/** How far the middle half of the rounds is apart, in shares of the median. */
export function noise({ median, quartiles: [low, high] }: Spread): number {
  return (high - low) / median;
}
