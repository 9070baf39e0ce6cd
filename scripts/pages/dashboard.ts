import { recordedFrame } from '../docs/recorded-frame.ts'

/** The dashboard at two sizes, as text. */
export function generate(): string {
  return [picture(100, 26), 'The same at 40×10:', picture(40, 10)].join('\n\n')
}

function picture(columns: number, rows: number): string {
  const lines = recordedFrame(columns, rows).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  )
  return ['```text', ...lines, '```'].join('\n')
}
