// The pages that the load balancer answers by itself.
import { STATUS_CODES } from 'node:http';

export interface ErrorPage {
  status: number;
  reason: string;
  headers: Record<string, string | number>;
  body: string;
}

// An Application Load Balancer's own reason phrases, where they differ from Node's.
const REASONS: Record<number, string> = { 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out' };

export function errorPage(status: number): ErrorPage {
  const reason = REASONS[status] ?? STATUS_CODES[status] ?? '';
  const title = `${status} ${reason}`;
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '</body>',
    '</html>',
    '',
  ];
  const body = lines.join('\r\n');
  const headers = { Server: 'awselb/2.0', 'Content-Type': 'text/html', 'Content-Length': body.length };
  return { status, reason, headers, body };
}
