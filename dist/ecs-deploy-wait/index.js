import { start } from '../index.js';
await start('ecs-deploy-wait', 'main');
