/** Finds what is wrong with the names of the decision records, each as a sentence. */
export function decisionNumberProblems(names: readonly string[]): string[] {
  const problems: string[] = []
  const holders = new Map<string, string>()
  for (const name of names) {
    const number = /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1]
    if (number === undefined) {
      problems.push(`docs/decisions/${name}: the name must be like 0001-some-title.md`)
      continue
    }
    const holder = holders.get(number)
    if (holder) problems.push(`docs/decisions/${name}: ${number} is taken by ${holder}`)
    else holders.set(number, name)
  }
  return problems
}
