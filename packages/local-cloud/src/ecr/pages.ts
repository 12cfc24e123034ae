// Pages of a list, as ECR cuts them: maxResults items and a token for the rest.
import { invalidParameter } from './faults.ts';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;

export interface Page<T> {
  items: T[];
  nextToken: string | undefined;
}

/** Throws InvalidParameterException for a token that this function did not make. */
export function paginate<T>(
  items: T[],
  maxResults: number | undefined,
  nextToken: string | undefined,
): Page<T> {
  const size = maxResults ?? DEFAULT_PAGE;
  if (size < 1 || size > LARGEST_PAGE) {
    throw invalidParameter('maxResults', `must have value between 1 and ${LARGEST_PAGE}`);
  }
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64').toString('utf8'));
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('nextToken', 'Invalid token');
  const end = start + size;
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(String(end)).toString('base64') : undefined,
  };
}
