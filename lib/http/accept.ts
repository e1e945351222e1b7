/** How much `Accept` prefers a media type, from 0 to 1 (RFC 9110, section 12.5.1); the most specific range decides. */
function qualityOf(accept: string, type: string): number {
  const ranges = [type, `${type.split("/", 1)[0]}/*`, "*/*"];
  const qualities = new Map<string, number>();
  for (const entry of accept.split(",")) {
    const [range = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const quality = parameters
      .map((parameter) => /^q=([01](?:\.\d{0,3})?)$/.exec(parameter)?.[1])
      .find(Boolean);
    qualities.set(range, Math.min(Number(quality ?? 1), 1));
  }
  const matching = ranges.find((range) => qualities.has(range));
  return qualities.get(matching ?? "") ?? 0;
}

/** Whether a client prefers a media type to another one. */
export function prefers(headers: Headers, type: string, other: string): boolean {
  const accept = headers.get("accept") ?? "";
  return qualityOf(accept, type) > qualityOf(accept, other);
}
