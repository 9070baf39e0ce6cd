/** Work through a list, so many at once. @returns all that came of it, in no order */
export async function pooled<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const waiting = [...items]
  const results: Result[] = []
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results.push(...(await work(next)))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
