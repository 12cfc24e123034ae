// The smallest service that can be deployed with care: it answers, says that it is healthy, and stops politely.
import { createServer } from 'node:http';

const version = process.env.APP_VERSION || 'unknown';
const port = Number(process.env.PORT || 8000);

// A release that needs a new setting must say so at start, not at the first request.
for (const name of (process.env.REQUIRED_SETTINGS || '').split(',').filter(Boolean)) {
  if (!process.env[name])
    throw new Error(`the setting ${name} is missing: version ${version} cannot start without it`);
}

const server = createServer((request, response) => {
  const body =
    request.url === '/health/' ? { status: 'ok' } : { greeting: process.env.GREETING || 'hello', version };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
});

server.listen(port, () => console.log(`version ${version} listens on port ${port}`));
process.on('SIGTERM', () => {
  console.log('SIGTERM: finishing open requests');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
