// `::name key=value::data` and `##[name key=value]data`: one line of output → a command, or none.

export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  data: string;
}

export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  return parseColons(line) ?? parseBrackets(line);
}

function parseColons(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([^:]*)::(.*)$/s.exec(escapeColonsInProperties(line));
  if (match === null) return undefined;
  const { name, properties } = readHead(match[1] ?? '', ',', unescapeProperty);
  if (name === '') return undefined;
  return { name, properties, data: unescapeData(match[2] ?? '') };
}

/** Windows paths and times may hold single colons inside properties: only `::` ends them. */
function escapeColonsInProperties(line: string): string {
  const start = line.indexOf('::');
  if (start < 0 || line.slice(0, start).trim() !== '') return '';
  const end = line.indexOf('::', start + 2);
  if (end < 0) return '';
  return `::${line.slice(start + 2, end).replaceAll(':', '%3A')}::${line.slice(end + 2)}`;
}

function parseBrackets(line: string): WorkflowCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const decode = (text: string): string =>
    text.replaceAll('%3B', ';').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%5D', ']');
  const { name, properties } = readHead(line.slice(start + 3, end), ';', decode);
  return name === '' ? undefined : { name, properties, data: decode(line.slice(end + 1)) };
}

function readHead(head: string, separator: string, decode: (text: string) => string) {
  const space = head.indexOf(' ');
  const name = (space < 0 ? head : head.slice(0, space)).trim().toLowerCase();
  const properties: Record<string, string> = {};
  for (const pair of space < 0 ? [] : head.slice(space + 1).split(separator)) {
    const equals = pair.indexOf('=');
    if (equals > 0) properties[pair.slice(0, equals).trim()] = decode(pair.slice(equals + 1));
  }
  return { name, properties };
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
