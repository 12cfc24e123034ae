// Reads YAML 1.2 as data: no custom tags, one document, scalars kept as they were written.
import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { TextProblem } from './json-reader.ts';
import { isWrittenTree, Written, type WrittenTree } from './written.ts';

/** Throws TextProblem. Anchors, aliases and merge keys (`<<: *common`) are understood. */
export function readYaml(text: string): WrittenTree {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  // A tag that the library does not know is only a warning to it: the tagged text would be taken literally.
  const first = document.errors[0] ?? document.warnings[0];
  if (first !== undefined) throw at(lines, first.pos[0], first.message);
  keepSpelling(document, lines);
  const tree: unknown = plainTree(document, lines);
  if (!isWrittenTree(tree)) throw at(lines, 0, 'it holds a value that JSON cannot hold');
  return tree;
}

function keepSpelling(document: Document, lines: LineCounter): void {
  visit(document, {
    Scalar(key, node) {
      const { value, source, range } = node;
      if (typeof value === 'string') return;
      if (key === 'key') {
        node.value = source ?? String(value);
      } else if (value === null || typeof value === 'boolean' || isNumber(value)) {
        node.value = new Written(value, source ?? '');
      } else {
        throw at(lines, range?.[0] ?? 0, `'${source}' is not a value that JSON can hold`);
      }
    },
    Pair(_, pair) {
      if (isScalar(pair.key) || pair.key === null) return;
      throw at(lines, 0, 'a member name must be plain text');
    },
  });
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function plainTree(document: Document, lines: LineCounter): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // An alias without its anchor, or a few lines of aliases that would grow into gigabytes.
    throw at(lines, 0, error instanceof Error ? error.message : String(error));
  }
}

function at(lines: LineCounter, offset: number, message: string): TextProblem {
  const { line, col } = lines.linePos(offset);
  return new TextProblem(message, line || 1, col || 1);
}
