// The HTTP codes that a health check accepts: `200`, `200-299`, `200,302`.

/** Ranges of an HttpCode matcher, both ends included; undefined where the text is none. */
export function codeRanges(matcher: string): [from: number, to: number][] | undefined {
  const ranges: [number, number][] = [];
  for (const part of matcher.split(',')) {
    const [, from, to = from] = /^\s*(\d{3})(?:-(\d{3}))?\s*$/.exec(part) ?? [];
    if (from === undefined || Number(from) > Number(to)) return undefined;
    ranges.push([Number(from), Number(to)]);
  }
  return ranges;
}

export function matchesCode(matcher: string, code: number): boolean {
  return codeRanges(matcher)?.some(([from, to]) => code >= from && code <= to) ?? false;
}
