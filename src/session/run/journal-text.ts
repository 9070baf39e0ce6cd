/** An event as the journal keeps it. The draft is in the tally; here it is enough to tell which one it was. */
export function journalText(event: object): string {
  if ('built' in event) return JSON.stringify({ ...event, built: withoutDraftText(event.built) })
  if ('approval' in event && isObject(event.approval) && 'built' in event.approval) {
    const built = withoutDraftText(event.approval.built)
    return JSON.stringify({ ...event, approval: { ...event.approval, built } })
  }
  return JSON.stringify(event)
}

function withoutDraftText(built: unknown): unknown {
  if (!isObject(built) || !('draft' in built) || !isObject(built.draft)) return built
  return { ...built, draft: { ...built.draft, text: '' } }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
