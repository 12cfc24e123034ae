// Authorization tokens for the registry: who asked for one, and until when it opens the door.
import { randomBytes } from 'node:crypto';
import type { CloudClock } from '../clock.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
const LIFETIME_MS = 12 * 60 * 60 * 1000;
const MOST_TOKENS = 10_000;

export interface Token {
  value: string;
  /** ARN of the caller of GetAuthorizationToken: the registry acts in this caller's name. */
  callerArn: string;
  expiresAt: Date;
}

export interface Tokens {
  issue(callerArn: string): Token;
  find(value: string): { token: Token; expired: boolean } | undefined;
}

export function createTokens(clock: CloudClock): Tokens {
  const tokens = new Map<string, Token>();
  return {
    issue(callerArn) {
      const value = randomBytes(96).toString('base64');
      const token = { value, callerArn, expiresAt: new Date(clock.millis() + LIFETIME_MS) };
      tokens.set(value, token);
      const [oldest] = tokens.keys();
      if (tokens.size > MOST_TOKENS && oldest !== undefined) tokens.delete(oldest);
      return token;
    },
    find(value) {
      const token = tokens.get(value);
      return token && { token, expired: token.expiresAt.getTime() <= clock.millis() };
    },
  };
}
