import { WriteStream } from 'node:tty'
import { expect, it, vi } from 'vitest'
import { keepCursorOut } from '../../../src/cli/outlet/keep-cursor-out.ts'

/** As stderr is: of a terminal, or of a file. */
function stderr(isTTY: boolean): NodeJS.WriteStream {
  return Object.assign(Object.create(WriteStream.prototype), { isTTY, write: vi.fn(() => true) })
}

it('a log beside the view gets its lines and nothing that only a terminal understands', () => {
  const log = stderr(false)
  const { write } = log
  keepCursorOut(log)
  expect(log.write('\u001b[?25h')).toBe(true)
  expect(log.write('{"type":"ready"}\n')).toBe(true)
  expect(vi.mocked(write).mock.calls).toEqual([['{"type":"ready"}\n']])
})

it('a terminal gets its cursor back', () => {
  const terminal = stderr(true)
  keepCursorOut(terminal)
  terminal.write('\u001b[?25h')
  expect(terminal.write).toHaveBeenCalledWith('\u001b[?25h')
})
