import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,actions}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: end-to-end tests start processes of their own.
    maxWorkers: 2,
  },
});
