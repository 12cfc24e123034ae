// An AWS endpoint that answers from a script: what is not scripted is denied, as under a least-privilege role.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiCall, CaseInput } from './cases.ts';

export interface ScriptedEndpoint {
  url: string;
  calls: ApiCall[];
  close(): Promise<void>;
}

type Answer = Record<string, unknown>;

export async function scriptedEndpoint(script: CaseInput['aws_responses'] = {}): Promise<ScriptedEndpoint> {
  const calls: ApiCall[] = [];
  const answered = new Map<string, number>();
  const next = (operation: string): Answer => {
    const answers = script[operation] ?? [];
    const index = answered.get(operation) ?? 0;
    answered.set(operation, index + 1);
    return answers[Math.min(index, answers.length - 1)] ?? denied(operation);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      calls.push({ op: operation, body: JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') });
      const { _error, _message, ...answer } = next(operation);
      const failed = typeof _error === 'string';
      const body = failed ? { __type: _error, message: _message ?? '' } : answer;
      response.writeHead(failed ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function denied(operation: string): Answer {
  const user = 'arn:aws:sts::123456789012:assumed-role/case/run';
  const _message = `User: ${user} is not authorized to perform: ecs:${operation} because no identity-based policy allows the ecs:${operation} action`;
  return { _error: 'AccessDeniedException', _message };
}
