import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { StreamSink } from '../../../src/cli/output/stream-sink.ts'
import { writeDrawing, writeExactly, writeScreen } from '../../../src/cli/output/write-screen.ts'
import { line, lines, paragraphs, stacked } from '../../../src/cli/text/screen-text.ts'
import { ANY_TEXT, foreignIn } from '../../support/cli/foreign-text.ts'

function written(write: (stream: PassThrough) => void): string {
  const stream = new PassThrough()
  write(stream)
  return String(stream.read() ?? '')
}

it('a plain string is no text for a screen', () => {
  const [name, stream] = ['\u001b[2J', new PassThrough()]
  // @ts-expect-error it has to be made one, and is harmless then
  writeScreen(stream, `Tally ${name}`)
  // @ts-expect-error a template round harmless text is a plain string again
  writeScreen(stream, `${line(name)}, ${name}`)
  expect(written((to) => writeScreen(to, line(`Tally ${name}`)))).toBe('Tally \\x1b[2J\n')
})

it('whatever a line is made of, it is one line and moves nothing', () => {
  fc.assert(
    fc.property(fc.array(ANY_TEXT, { minLength: 1, maxLength: 4 }), (texts) => {
      const made = [lines(texts), stacked(texts.map(line)), paragraphs(texts.map(line))]
      const ends = [texts.length, texts.length, 2 * texts.length - 1]
      for (const [at, text] of made.entries()) {
        const shown = written((stream) => writeScreen(stream, text))
        expect(foreignIn(shown)).toBeUndefined()
        expect(shown.split('\n')).toHaveLength((ends[at] ?? 0) + 1)
      }
    }),
  )
})

it('of a drawing only colours pass', () => {
  const red = '\u001b[31m█\u001b[0m'
  expect(written((stream) => writeDrawing(stream, [red]))).toBe(`${red}\n`)
  fc.assert(
    fc.property(ANY_TEXT, (text) => {
      const shown = written((stream) => writeDrawing(stream, [text]))
      expect(foreignIn(shown.replaceAll(/\u001b\[[\d;]*m/g, ''))).toBeUndefined()
      expect(shown.split('\n')).toHaveLength(2)
    }),
  )
})

it('rows that are poured to stdout keep their ends and nothing else that moves', async () => {
  const stream = new PassThrough()
  await new StreamSink(stream).write('a\u202e;b\r\nover\rwritten\n')
  expect(String(stream.read())).toBe('a\\u202e;b\r\nover\\rwritten\n')
})

it('what programs take by the byte is as it was in a pipe, and harmless on a terminal', () => {
  const note = 'origin\u202e\n7\n\n— name\u009b aa==\n'
  const to = (isTTY: boolean) => {
    return written((stream) => {
      writeExactly(Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream, note)
    })
  }
  expect(to(false)).toBe(note)
  expect(to(true)).toBe('origin\\u202e\n7\n\n— name\\x9b aa==\n')
})
