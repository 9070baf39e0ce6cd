/** Where vitest writes the report that `summary.ts` counts from, relative to the project. */
export const TEST_REPORT = 'node_modules/.cache/taleus/vitest.json'
