import { Box, Text } from 'ink'
import { memo } from 'react'
import type { Line, Span, Tone } from './text/span.ts'

const LOOKS = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  accent: { color: 'cyan' },
  chosen: { inverse: true },
} as const satisfies Record<Tone, object>

/** Draws lines as they are: each fits the screen already. */
export function Screenful({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <Box flexDirection="column">
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <ScreenLine key={at} line={line} />
      ))}
    </Box>
  )
}

/** Most lines are the same from one frame to the next. */
const ScreenLine = memo(
  function ScreenLine({ line }: { readonly line: Line }) {
    if (line.length === 0) return <Text> </Text>
    return <Text wrap="truncate">{line.map(drawn)}</Text>
  },
  ({ line: before }, { line }) =>
    before.length === line.length &&
    before.every(({ text, tone }, at) => line[at]?.text === text && line[at]?.tone === tone),
)

function drawn({ text, tone }: Span, at: number) {
  if (tone === 'plain') return text
  return (
    <Text key={at} {...LOOKS[tone]}>
      {text}
    </Text>
  )
}
