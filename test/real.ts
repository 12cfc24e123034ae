// Tests that need a tool beside Node: skipped by name and reason without it, failed instead under REQUIRE_REAL=1.

/**
 * For `describe.skipIf(realTool(…).skip)`. `name` is the tool, `reason` says what was missing.
 * Throws, which fails the test file, when the tool is missing and REQUIRE_REAL=1 forbids skipping.
 */
export function realTool(name: string, available: boolean, reason: string): { skip: boolean } {
  if (available) return { skip: false };
  if (process.env['REQUIRE_REAL'] === '1')
    throw new Error(`${name} is missing, and REQUIRE_REAL=1 forbids to skip its tests: ${reason}`);
  console.warn(`Skipped: tests with ${name}: ${reason}`);
  return { skip: true };
}
