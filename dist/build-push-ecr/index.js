import { start } from '../index.js';
await start('build-push-ecr', 'main');
