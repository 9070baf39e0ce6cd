/**
 * Writes an event as the journal keeps it: without the draft's text, which is in the tally, and without what is for
 * this process only.
 */
export function journalText(event: object): string {
  if (!('approval' in event)) return JSON.stringify(withoutDraftText(event))
  const approval = withoutDraftText(event.approval)
  return JSON.stringify({ ...event, approval, contentHash: undefined })
}

function withoutDraftText(holder: unknown): unknown {
  if (!isObject(holder) || !('built' in holder)) return holder
  const { built } = holder
  if (!isObject(built) || !('draft' in built) || !isObject(built.draft)) return holder
  return { ...holder, built: { ...built, draft: { ...built.draft, text: '' } } }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
