const distanceMax = 2;

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = (above[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return row[other.length] ?? 0;
}

/** The name that a mistyped one probably means, such as `organizationId` for `organization_id`. */
export function nearestName(mistyped: string, names: string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const word = plain(mistyped.slice(0, 64));
  const [nearest] = names
    .map((name) => ({ name, distance: distance(word, plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= distanceMax ? nearest.name : undefined;
}
