import { expect, it } from 'vitest'
import { rawPrints } from '../../../scripts/walls/screens.ts'

it.each([
  'process.stdout.write(name)',
  'process.stderr.write(text)',
  'stream.write(text)',
  'this.#stream?.write(text)',
  'console.log(text)',
  'ux.stdout(text)',
  'this.log(text)',
  'this.logToStderr(text)',
  'super.log(text)',
  'lines.setPrompt(field)',
  'await lines.question(field)',
  'show(name as ScreenText)',
  'show(<ScreenText>name)',
])('the wall refuses a print past the door: %s', (planted) => {
  const text = `// A command.\n${planted}\n`
  for (const path of ['commands/status.ts', 'cli/tally/show-tally.ts']) {
    expect(rawPrints([{ path, text }])).toEqual([
      expect.stringMatching(new RegExp(`^src/${path}:2: .* goes round the door`)),
    ])
  }
})

it('stores, sinks and the door itself may write', () => {
  const text = `
    await store.write(({ audit }) => audit.append(record))
    await (await context.store()).write(work)
    await sink.write(chunk)
    this.show(text)
    this.logJson(document)
  `
  expect(rawPrints([{ path: 'cli/config/identity.ts', text }])).toEqual([])
  const door = { path: 'cli/output/write-screen.ts', text: 'stream.write(text)' }
  expect(rawPrints([door, { path: 'cli/text/screen-text.ts', text: 'x as ScreenText' }])).toEqual(
    [],
  )
})
