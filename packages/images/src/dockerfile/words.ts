// Splits the arguments of a Dockerfile instruction: words, NAME=value pairs, and the exec (JSON) form.

/** Splits at every blank, even between quotes: so Docker reads the arguments of COPY, EXPOSE, VOLUME and FROM. */
export function blankSeparated(text: string): string[] {
  return text.trim().split(/[\t\v\f\r ]+/);
}

/** Words of NAME=value instructions; quotes and escapes stay in them for the expansion to take away. */
export function splitWords(text: string, escapeMark: string): string[] {
  const words: string[] = [];
  let word = '';
  let open = false;
  let quote = '';
  const close = () => {
    if (open) words.push(word);
    word = '';
    open = false;
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote === '' && /\s/.test(character)) {
      close();
      continue;
    }
    open = true;
    if (character === escapeMark && quote !== "'") {
      index += 1;
      // An escape at the very end escapes nothing.
      if (index < text.length) word += character + text.charAt(index);
      continue;
    }
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    word += character;
  }
  close();
  return words;
}

/**
 * `A=1 B="two words"`, or the old form `NAME the rest of the line` with one pair. Throws Error with the reason.
 * https://docs.docker.com/reference/dockerfile/#env
 */
export function splitPairs(text: string, escapeMark: string): [name: string, value: string][] {
  const words = splitWords(text, escapeMark);
  if (words[0] !== undefined && !words[0].includes('=')) {
    const match = /^(\S+)\s+(.+)$/s.exec(text);
    if (match?.[1] === undefined || match[2] === undefined) throw new Error('needs a name and a value');
    return [[match[1], match[2]]];
  }
  return words.map((word) => {
    const equals = word.indexOf('=');
    if (equals === -1) throw new Error(`'${word}' has no =; write NAME=value`);
    if (equals === 0) throw new Error(`'${word}' has no name before the =`);
    return [word.slice(0, equals), word.slice(equals + 1)];
  });
}

/** The exec form `["a", "b"]`, or undefined where the text is no JSON list (then it is the shell form). */
export function execForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  return parsed.map((item: unknown) => {
    if (typeof item !== 'string') throw new Error('a JSON list may hold strings only');
    return item;
  });
}
