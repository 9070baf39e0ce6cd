import { readFileSync } from 'node:fs'
import { commandSummaries } from '../docs/command-summaries.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'

const MANIFEST = new URL('../../package.json', import.meta.url)

/** The table of topics and their commands, as short as it can be: what `taleus --help` says first. */
export function generate(): string {
  const manifest: { oclif: { topics: Record<string, { description: string }> } } = JSON.parse(
    readFileSync(MANIFEST, 'utf8'),
  )
  const topics = Map.groupBy(commandSummaries(), ({ name }) => name.replace(/ .*/, ''))
  const rows = [...topics].map(([topic, commands]) => {
    const below = commands.flatMap(({ name }) => (name === topic ? [] : [name.split(' ')[1] ?? '']))
    const does = manifest.oclif.topics[topic]?.description ?? commands[0]?.summary ?? ''
    return [[code(`taleus ${topic}`), ...below.map(code)].join(' '), does]
  })
  return markdownTable(['command', 'does'], rows)
}
