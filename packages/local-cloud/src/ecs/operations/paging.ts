// Pages of a list: `maxResults` and `nextToken`.
import { invalidParameter } from '../faults.ts';

export interface PageRequest {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}

/** Throws InvalidParameterException for a token of somebody else or a page size outside 1–100. */
export function page<T>(items: T[], request: PageRequest, usual = 100): { items: T[]; nextToken?: string } {
  const size = request.maxResults ?? usual;
  if (size < 1 || size > 100) throw invalidParameter('maxResults must be between 1 and 100.'); // text not confirmed
  const first = request.nextToken === undefined ? 0 : readToken(request.nextToken);
  const next = first + size;
  return {
    items: items.slice(first, next),
    ...(next < items.length ? { nextToken: Buffer.from(`offset:${next}`).toString('base64') } : {}),
  };
}

function readToken(token: string): number {
  const offset = /^offset:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString('utf8'))?.[1];
  if (offset === undefined) throw invalidParameter('Invalid token.'); // text not confirmed
  return Number(offset);
}
