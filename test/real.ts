// Tests that need a tool which Node does not bring: skipped by name where it is missing, failed where all must be real.

/**
 * Options for `describe` or `test`. Under REQUIRE_REAL=1 a missing tool throws while the file is loaded, so that the
 * run is red; otherwise the test is skipped and the reason is printed.
 */
export function realTool(name: string, available: boolean, reason: string): { skip: boolean } {
  if (available) return { skip: false };
  if (process.env['REQUIRE_REAL'] === '1') throw new Error(`${name} is required (REQUIRE_REAL=1): ${reason}`);
  console.warn(`skipped, for want of ${name}: ${reason}`);
  return { skip: true };
}
