/**
 * Writes an event as the journal keeps it: without the draft's text, which is in the tally, without the credential of the
 * database, which is for the partner, and without what is for this process only.
 */
export function journalText(event: object): string {
  if (!('approval' in event)) return JSON.stringify(asJournalled(event))
  const approval = asJournalled(event.approval)
  return JSON.stringify({ ...event, approval, contentHash: undefined })
}

function asJournalled(holder: unknown): unknown {
  if (!isObject(holder) || !('built' in holder)) return holder
  const { built } = holder
  if (!isObject(built) || !('draft' in built) || !isObject(built.draft)) return holder
  const draft = { ...built.draft, text: '' }
  return { ...holder, built: { ...built, ...withoutSecret(built), draft } }
}

function withoutSecret(built: object): object {
  if (!('database' in built) || !isObject(built.database) || !('secret' in built.database))
    return {}
  const { secret: _, ...database } = built.database
  return { database }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
